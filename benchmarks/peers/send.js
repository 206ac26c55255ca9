/**
 * nodemailer's pool, for benchmarks/mail_senders.py: as many messages as the order asks for, each
 * written by nodemailer for one reader, on as many connections as ours has.
 *
 *   node send.js ORDER       ORDER: a JSON file with port, messages, connections, envelope,
 *                            headers, text, html, `values`, which stand in both for a reader's
 *                            own, and `dkim`, null or what to sign with.
 * It ends when the last message is accepted, and fails when one is not.
 */
"use strict";

const fs = require("fs");
const nodemailer = require("nodemailer");

/** Messages that wait for a connection, for each of them: more would only fill the memory. */
const AHEAD = 2;

const order = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const parts = { html: taken(order.html), text: taken(order.text) };
const pool = nodemailer.createTransport({
  pool: true,
  host: "127.0.0.1",
  port: order.port,
  ignoreTLS: true,
  maxConnections: order.connections,
  maxMessages: Infinity,
  dkim: order.dkim,
});
let next = 0;

/** The pieces between the values, and which value follows each. */
function taken(body) {
  const pieces = body.split(new RegExp(`(${order.values.join("|")})`));
  return pieces.map((piece) => {
    const place = order.values.indexOf(piece);
    return place < 0 ? () => piece : (own) => own[place];
  });
}

function filled(pieces, own) {
  return pieces.map((piece) => piece(own)).join("");
}

/** A name, an address and three tokens. */
function ownValues(number) {
  const token = (kind) => `${kind}${number}`.padEnd(order.values[2].length, "x");
  return [`Person Rhif ${number}`, address(number), token("v"), token("u"), token("p")];
}

function address(number) {
  return `person${number}@d${number % 997}.example.org`;
}

function message(number) {
  const own = ownValues(number);
  return {
    envelope: { from: order.envelope, to: address(number) },
    from: order.headers.From,
    to: address(number),
    replyTo: order.headers["Reply-To"],
    subject: order.headers.Subject,
    headers: { ...order.more, "List-Unsubscribe": `<https://news.example.org/u/${own[3]}>` },
    text: filled(parts.text, own),
    html: filled(parts.html, own),
  };
}

async function sendOneAfterAnother() {
  while (next < order.messages) {
    next += 1;
    await pool.sendMail(message(next));
  }
}

const all = Array.from({ length: order.connections * AHEAD }, sendOneAfterAnother);
Promise.all(all).then(
  () => pool.close(),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
