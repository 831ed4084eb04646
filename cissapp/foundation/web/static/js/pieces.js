/* Sends the file of a form in pieces (tus 1.0), so that a lost line costs one piece, not the file.
   Without this file the form sends it as a whole. */
"use strict";

const FIRST = 64 * 1024;
const MOST = 1024 * 1024;
const pause = (seconds) =>
  new Promise((done) => {
    const go = () => {
      removeEventListener("online", go);
      done();
    };
    setTimeout(go, seconds * 1000);
    addEventListener("online", go);
  });
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const sha256 = async (buffer) => new Uint8Array(await crypto.subtle.digest("SHA-256", buffer));
const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

class Told extends Error {}
class Busy extends Error {
  constructor(answer) {
    super("busy");
    this.answer = answer;
  }
}

for (const box of document.querySelectorAll("[data-pieces]")) {
  const form = box.closest("form");
  const input = form.querySelector("input[type=file]");
  const field = form.querySelector("input[name=upload]");
  const token = form.querySelector("input[name=csrf_token]").value;
  const bar = box.querySelector(".progress");
  const words = box.querySelector("[data-words]");
  const say = (key, values = {}) => {
    words.textContent = (box.dataset[key] || key).replace(/{(\w+)}/g, (_, name) => values[name]);
  };

  /* What the server says of a file is text; a page is none of this place. */
  const told = async (answer) => {
    const isText = (answer.headers.get("Content-Type") || "").startsWith("text/plain");
    return isText ? answer.text() : box.dataset.failed;
  };

  const ask = async (method, url, headers = {}, body = undefined) => {
    const answer = await fetch(url, {
      method,
      body,
      credentials: "same-origin",
      redirect: "error",
      headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": token, ...headers },
    });
    if (comesLater(answer) && answer.status !== 507) throw new Busy(answer);
    return answer;
  };

  /* Asks again and again while there is no line. */
  const insist = async (...request) => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await ask(...request);
      } catch (error) {
        say(error.answer ? "busy" : "waiting");
        await pause(pauseBefore(tries, error.answer) / 1000);
      }
    }
  };

  const megabytes = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const sized = (bytes) =>
    bytes >= 1e6
      ? box.dataset.mb.replace("{size}", megabytes.format(bytes / 1e6))
      : box.dataset.kb.replace("{size}", Math.round(bytes / 1000));
  const figure = (done, all) => {
    const percent = Math.floor((100 * done) / all);
    bar.hidden = false;
    bar.querySelector("progress").value = percent;
    bar.querySelector("[data-figure]").textContent = box.dataset.percent
      .replace("{percent}", percent)
      .replace("{done}", sized(done))
      .replace("{all}", sized(all));
    return percent;
  };

  const begun = (file, hash) => {
    const known = Array.from(box.querySelectorAll("[data-upload]"), (one) => one.dataset);
    const same = known.find((one) => Number(one.size) === file.size && one.sha256 === hash);
    if (!same && known.some((one) => one.name === file.name)) say("other");
    return hash && same ? `${box.dataset.pieces}/${same.upload}` : null;
  };

  const create = async (file, hash) => {
    const named = [`filename ${base64(new TextEncoder().encode(file.name))}`];
    if (hash) named.push(`sha256 ${btoa(hash)}`);
    const answer = await insist("POST", box.dataset.pieces, {
      "Upload-Length": String(file.size),
      "Upload-Metadata": named.join(","),
    });
    if (answer.status !== 201) throw new Told(await told(answer));
    return new URL(answer.headers.get("Location"), location.href).pathname;
  };

  const offset = async (url) => {
    const answer = await insist("HEAD", url);
    return answer.ok ? Number(answer.headers.get("Upload-Offset")) : null;
  };

  const send = async (buffer, url, from) => {
    let size = FIRST;
    let at = from;
    while (at !== null && at < buffer.byteLength) {
      const piece = buffer.slice(at, at + size);
      const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at) };
      if (crypto.subtle) headers["Upload-Checksum"] = `sha256 ${base64(await sha256(piece))}`;
      const began = performance.now();
      try {
        const answer = await ask("PATCH", url, headers, piece);
        if (answer.status === 204) {
          at = Number(answer.headers.get("Upload-Offset"));
          size = performance.now() - began < 1500 ? Math.min(2 * size, MOST) : FIRST;
        } else if ([409, 460].includes(answer.status)) at = await offset(url);
        else if ([404, 410].includes(answer.status)) at = null;
        else throw new Told(await told(answer));
      } catch (error) {
        if (error instanceof Told) throw error;
        say(error.answer ? "busy" : "waiting");
        await pause(pauseBefore(0, error.answer) / 1000);
        at = await offset(url);
        size = FIRST;
      }
      if (at !== null) {
        figure(at, buffer.byteLength);
        if ([box.dataset.waiting, box.dataset.busy].includes(words.textContent)) words.textContent = "";
      }
    }
    return at;
  };

  const go = async (file) => {
    say("checking");
    const buffer = await file.arrayBuffer();
    const hash = crypto.subtle ? hex(await sha256(buffer)) : "";
    words.textContent = "";
    let url = begun(file, hash);
    let at = url ? await offset(url) : null;
    if (at) say("resumed", { percent: figure(at, file.size) });
    /* An upload that is gone begins anew. */
    for (let tries = 0; tries < 3; tries += 1) {
      if (at === null) {
        url = await create(file, hash);
        at = 0;
      }
      at = await send(buffer, url, at);
      if (at !== null && (await offset(url)) === file.size) return url.split("/").pop();
      at = null;
    }
    throw new Told(box.dataset.unread);
  };

  const submit = form.querySelector("button[type=submit]");
  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    if (!file || !file.size) return;
    event.preventDefault();
    submit.disabled = true;
    try {
      field.value = await go(file);
      say("whole");
      input.disabled = true;
      form.submit();
    } catch (error) {
      words.className = "error";
      say(error instanceof Told ? error.message : "unread");
      submit.disabled = false;
    }
  });
  input.addEventListener("change", () => {
    field.value = "";
    words.className = "small";
    words.textContent = "";
    box.querySelector("[data-sent]")?.remove();
  });
  /* The page may come back from the browser's memory. */
  addEventListener("pageshow", () => {
    input.disabled = submit.disabled = false;
  });
}
