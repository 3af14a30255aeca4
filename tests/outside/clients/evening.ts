// An evening on the board, through a client that openapi-typescript and openapi-fetch make.
//
// Its one argument is where the service is. Its last line is JSON: what the test looks at.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Comment = components["schemas"]["CommentPublic"];

const [, , baseUrl] = process.argv;
assert(baseUrl !== undefined, "say where the service is");
const board = "found-family";

function somebody(token?: string) {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return createClient<paths>({ baseUrl, headers });
}

// What must be there, or the evening ends here.
function given<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.url}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

function token(receipt: { edit_token?: string | null }): string {
  assert(typeof receipt.edit_token === "string");
  return receipt.edit_token;
}

// Somebody asks, somebody answers in two parts.
const prompt = given(
  await somebody().POST("/v1/boards/{board}/prompts", {
    params: { path: { board } },
    body: { title: "Tea for two ghosts", body: "Two ghosts share a teapot.", tags: ["fluff"] },
  }),
);
assert.equal(prompt.status, "open");
const fill = given(
  await somebody().POST("/v1/prompts/{prompt}/fills", {
    params: { path: { prompt: prompt.id } },
    body: { title: "Steam", body: "“After you,” said the first ghost…", parts_expected: null },
  }),
);
const writer = somebody(token(fill));
const part = await writer.POST("/v1/fills/{fill}/parts", {
  params: { path: { fill: fill.id } },
  body: { body: "The second ghost poured." },
});
assert.equal(given(part).number, 2);

// Story text is changed with the version that it is based on.
const place = { fill: fill.id, number: 2 };
const read = await writer.GET("/v1/fills/{fill}/parts/{number}", { params: { path: place } });
assert.equal(given(read).body, "The second ghost poured.");
const edited = await writer.PATCH("/v1/fills/{fill}/parts/{number}", {
  params: { path: place, header: { "If-Match": read.response.headers.get("ETag") ?? "" } },
  body: { title: "Milk first" },
});
assert.equal(given(edited).title, "Milk first");
given(
  await writer.PATCH("/v1/fills/{fill}", {
    params: { path: { fill: fill.id } },
    body: { status: "complete" },
  }),
);
const filled = given(
  await somebody().GET("/v1/prompts/{prompt}", { params: { path: { prompt: prompt.id } } }),
);

// They talk, and somebody reads it all, page by page.
const op = somebody(token(prompt));
const thanks = given(
  await op.POST("/v1/fills/{fill}/comments", {
    params: { path: { fill: fill.id } },
    body: { body: "OP here: *thank you!*", part_number: 1 },
  }),
);
for (let i = 1; i <= 6; i += 1) {
  given(
    await (i % 2 === 0 ? op : writer).POST("/v1/fills/{fill}/comments", {
      params: { path: { fill: fill.id } },
      body: { body: `And another cup, the ${i}th.`, parent_id: thanks.id },
    }),
  );
}
const comments: Comment[] = [];
let pages = 0;
for (let cursor: string | null | undefined; cursor !== null; pages += 1) {
  const page = given(
    await somebody().GET("/v1/fills/{fill}/comments", {
      params: { path: { fill: fill.id }, query: { limit: 3, cursor } },
    }),
  );
  comments.push(...page.items);
  cursor = page.next === null ? null : new URL(page.next).searchParams.get("cursor");
}

// What can't be done is a problem document, and its code is what one programs against.
const missing = await somebody().GET("/v1/prompts/{prompt}", {
  params: { path: { prompt: "0000000000000000" } },
});
assert(missing.error !== undefined);
const wordless = await somebody().POST("/v1/boards/{board}/prompts", {
  params: { path: { board } },
  body: { body: "" },
});
assert(wordless.error !== undefined);
const theirs = await op.DELETE("/v1/fills/{fill}", { params: { path: { fill: fill.id } } });
assert(theirs.error !== undefined);

console.log(
  JSON.stringify({
    prompt_status: filled.status,
    pages,
    comments: comments.map((comment) => ({
      id: comment.id,
      depth: comment.depth,
      is_op: comment.author?.is_op,
      is_filler: comment.author?.is_filler,
    })),
    problems: [missing.error.code, wordless.error.code, theirs.error.code],
    pointer: wordless.error.errors?.[0]?.pointer,
  }),
);
