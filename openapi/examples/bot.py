"""A bot's day: it posts the prompts of a file, each of them once, and announces fills.

    bot.py post prompts.txt     one prompt for each line
    bot.py announce             says who filled what, from now on, and next time from where it was

It wants ``BOT_KEY``, an API key with the scope ``prompts:write``, and may be told
``BOT_URL`` and ``BOT_BOARD``. Kill it whenever you like, and start it again: what it
has posted it does not post twice, and what was filled meanwhile it announces then.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

URL = os.environ.get("BOT_URL", "http://127.0.0.1:8000")
BOARD = os.environ.get("BOT_BOARD", "found-family")
#: Where it was in what happens on the board.
PLACE = Path("bot-place.txt")


def main() -> None:
    """Do what the command line says."""
    key = os.environ["BOT_KEY"]
    bearer = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{URL}/v1", headers=bearer, timeout=60) as client:
        match sys.argv[1:]:
            case ["post", path]:
                post_all(client, Path(path).read_text(encoding="utf-8").splitlines())
            case ["announce"]:
                announce(client)
            case _:
                sys.exit(__doc__)


def post_all(client: httpx.Client, bodies: list[str]) -> None:
    """Post a prompt for each text."""
    for body in filter(None, bodies):
        answer = post_once(client, {"body": body, "rating": "general"})
        answer.raise_for_status()
        prompt = answer.json()
        again = answer.headers.get("Idempotency-Replayed") == "true"
        print(f"{'was' if again else 'is'} #{prompt['number']}: {prompt['title']}", flush=True)


def post_once(client: httpx.Client, prompt: dict[str, Any]) -> httpx.Response:
    """Post a prompt, and once more where no answer came or there was none to be had now.

    The key is made of what is posted. The board knows it for 24 hours: sent again, be it by
    another run of this program, the same prompt is answered with the one that is there.
    """
    said = json.dumps([BOARD, prompt], sort_keys=True)
    key = {"Idempotency-Key": hashlib.sha256(said.encode()).hexdigest()}
    while True:
        try:
            answer = client.post(f"/boards/{BOARD}/prompts", json=prompt, headers=key)
        except httpx.TransportError as error:
            wait(error)
            continue
        # Too much for now, still running, or away: the answer says when to try again.
        if "Retry-After" not in answer.headers:
            return answer
        time.sleep(int(answer.headers["Retry-After"]))


def announce(client: httpx.Client) -> None:
    """Say what was filled, while it happens."""
    while True:
        try:
            for place, event in follow(client):
                fill = event["data"]["fill"]
                # What has gone out of sight again is three fields, and nothing to be announced.
                if "title" in fill:
                    asked = fill["prompt"]["number"]
                    print(f"#{asked} is filled: {fill['title']} ({fill['url']})", flush=True)
                PLACE.write_text(place)
        except httpx.TransportError as error:
            wait(error)


def wait(error: httpx.TransportError) -> None:
    """Say why nothing happens, and try again a little later."""
    print(f"{URL} does not answer: {error}", file=sys.stderr)
    time.sleep(1)


def follow(client: httpx.Client) -> Iterator[tuple[str, dict[str, Any]]]:
    """New fills, each with the place behind it, from the place where this program was."""
    seen = {"Last-Event-ID": PLACE.read_text()} if PLACE.exists() else {}
    path = f"/boards/{BOARD}/events/stream"
    with client.stream("GET", path, params={"types": "fill.created"}, headers=seen) as answer:
        answer.raise_for_status()
        place = data = ""
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name == "id":
                place = value
            elif name == "data":
                data = value
            elif not line:
                if data:
                    yield place, json.loads(data)
                else:
                    # Nothing has happened, but so far everything was heard.
                    PLACE.write_text(place)
                data = ""


if __name__ == "__main__":
    main()
