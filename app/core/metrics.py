"""Figures for Prometheus at ``/metrics``."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

router = APIRouter(include_in_schema=False)


class Metrics:
    """Counts and times of requests, by route and not by address."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._requests = Counter(
            "fillboard_requests",
            "Requests answered.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self._seconds = Histogram(
            "fillboard_request_seconds",
            "Time from the first byte of a request to the end of its answer.",
            ["method", "route"],
            buckets=(0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
            registry=self.registry,
        )

        #: What was counted before, by its labels: finding it again among all costs more than
        #: counting.
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        known = method if method in _METHODS else "other"
        figures = self._known.get((known, route, status))
        if figures is None:
            figures = self._known[known, route, status] = (
                self._requests.labels(known, route, status),
                self._seconds.labels(known, route),
            )
        counter, histogram = figures
        counter.inc()
        histogram.observe(seconds)


#: A client may invent methods; a label for each would let it fill the memory.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@router.get("/metrics")
async def read_metrics(request: Request) -> Response:
    """The figures in Prometheus' text format."""
    metrics: Metrics = request.app.state.metrics
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
