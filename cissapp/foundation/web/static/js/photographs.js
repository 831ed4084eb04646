/* Sends photographs one by one, made smaller before they are sent; what was sent stays when the line is lost.
   Without this file the form sends them together. */
"use strict";

const LARGEST = 12 * 1024 * 1024;
const LONG_SIDE = 3000;
const SMALL_ENOUGH = 700 * 1024;
const TRIES = 40;
const pause = (seconds) =>
  new Promise((done) => {
    const go = () => {
      removeEventListener("online", go);
      done();
    };
    setTimeout(go, seconds * 1000);
    addEventListener("online", go);
  });

/* Draws a photograph anew: a tenth of the bytes, and no place or time in them. What cannot be drawn is sent as it is. */
const smaller = async (file) => {
  if (file.size < SMALL_ENOUGH) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; /* what is transparent is paper */
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const packed = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return packed && packed.size < file.size ? packed : file;
  } catch {
    return file;
  }
};

for (const box of document.querySelectorAll("[data-photographs]")) {
  const form = box.closest("form");
  const inputs = form.querySelectorAll("input[type=file]");
  const bar = box.querySelector(".progress");
  const words = box.querySelector("[data-words]");
  const list = box.querySelector("[data-refused]");
  const filled = (key, values) => box.dataset[key].replace(/{(\w+)}/g, (_, name) => values[name]);
  const say = (key, values = {}) => {
    words.textContent = filled(key, values);
  };
  const refuse = (text) => {
    const item = document.createElement("li");
    item.textContent = text;
    list.append(item);
    list.hidden = false;
  };

  /* Sends a photograph until there is an answer; returns why it was refused, or nothing. */
  const send = async (file, saying) => {
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    if (form.elements.by_hand.checked) body.set("by_hand", "y");
    body.set("photos", await smaller(file), file.name);
    if (body.get("photos").size > LARGEST) return [filled("large", { name: file.name })];
    for (let tries = 0; tries < TRIES; tries += 1) {
      let answer = null;
      try {
        saying();
        answer = await fetch(form.action, {
          method: "POST",
          body,
          credentials: "same-origin",
          headers: { Accept: "application/json" },
        });
        const told = (answer.headers.get("Content-Type") || "").startsWith("application/json");
        if (answer.ok && told) return (await answer.json()).refused;
        if (!comesLater(answer) || answer.status === 507) break;
      } catch {
        answer = null;
      }
      say("waiting");
      await pause(pauseBefore(tries, answer) / 1000);
    }
    return [filled("failed", { name: file.name })];
  };

  const show = async () => {
    const answer = await fetch(form.action, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const pages = page.getElementById("pages");
    if (answer.ok && pages) document.getElementById("pages").replaceWith(document.adoptNode(pages));
  };

  form.addEventListener("submit", async (event) => {
    const files = Array.from(inputs, (input) => Array.from(input.files)).flat();
    if (!files.length) return;
    event.preventDefault();
    const submit = form.querySelector("button[type=submit]");
    submit.disabled = true;
    list.replaceChildren();
    list.hidden = true;
    bar.hidden = false;
    let kept = 0;
    for (const [place, file] of files.entries()) {
      bar.querySelector("progress").value = (100 * place) / files.length;
      const reasons = await send(file, () => say("sending", { number: place + 1, all: files.length }));
      if (reasons.length) reasons.forEach(refuse);
      else kept += 1;
    }
    await show().catch(() => location.reload());
    bar.hidden = true;
    for (const input of inputs) {
      input.value = "";
      input.dispatchEvent(new Event("change"));
    }
    submit.disabled = false;
    if (kept === files.length) say("done");
    else say("some", { kept, all: files.length });
  });

  /* A photograph that was just taken is sent at once. */
  for (const input of inputs)
    if (input.name === "camera") input.addEventListener("change", () => input.files.length && form.requestSubmit());
}
