/**
 * npm mjml and juice, warm in one process, for benchmarks/npm_peers.py.
 *
 * Reads orders, one JSON object on a line, and answers each with one:
 *   {"mjml": FILE, "css": FILE, "times": N}  ->  {"us"}: CPU microseconds of all the renderings
 *   {"mjml": FILE, "html": FILE}             ->  {"octets"}: mjml's HTML is written, not inlined
 * The first line that it says by itself names the versions. It ends when its input does.
 */
"use strict";

const fs = require("fs");
const readline = require("readline");
const juice = require("juice");
const mjml2html = require("mjml");

/** As we call the engine: no comments of authors, no fonts from elsewhere. */
const MJML_OPTIONS = { keepComments: false, fonts: {} };

/** As we inline: the sheet goes into the elements, the document's own styles stay. */
const JUICE_OPTIONS = { applyStyleTags: false, removeStyleTags: false };

function render(mjml) {
  return mjml2html(mjml, MJML_OPTIONS).html;
}

function cpuOf(work, times) {
  const began = process.cpuUsage();
  for (let i = 0; i < times; i += 1) work();
  const { user, system } = process.cpuUsage(began);
  return user + system;
}

function measure({ mjml, css, times }) {
  const source = fs.readFileSync(mjml, "utf8");
  const extraCss = fs.readFileSync(css, "utf8");
  return { us: cpuOf(() => juice(render(source), { ...JUICE_OPTIONS, extraCss }), times) };
}

function write({ mjml, html }) {
  const rendered = render(fs.readFileSync(mjml, "utf8"));
  fs.writeFileSync(html, rendered);
  return { octets: Buffer.byteLength(rendered) };
}

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

say({
  node: process.versions.node,
  mjml: require("mjml/package.json").version,
  juice: require("juice/package.json").version,
});

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const order = JSON.parse(line);
  say(order.html ? write(order) : measure(order));
});
