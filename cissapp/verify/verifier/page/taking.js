/* What was given: certificates, credentials, proofs, newer snapshots, in any order and together. */

/* Judge all files that were given at once. */
async function judgeAll(files, world) {
  const given = files.map((file) => Object.assign({ kind: kindOf(file.bytes) }, file));
  const results = [];
  for (const file of given.filter((one) => one.kind === "snapshot")) results.push(await takeSnapshot(file, world));
  world.proofs = given.filter((one) => one.kind === "proof").map((one) => ({ name: one.name, raw: json(fromUtf8(one.bytes)) }));
  const judged = [];
  for (const file of given) {
    if (file.kind === "credential" || file.kind === "jwt" || file.kind === "image") {
      judged.push({ name: file.name, kind: "credential", verdict: await judgeCredential(file, world) });
    } else if (file.kind === "file") {
      judged.push({ name: file.name, kind: "file", verdict: await judgeFile(file.bytes, world) });
    }
  }
  bindTogether(judged);
  return results.concat(judged, lonely(world.proofs));
}

/* Tell files apart by what they begin with. */
function kindOf(bytes) {
  const start = latin1(bytes.subarray(0, 2000)).replace(/^\u00ef\u00bb\u00bf/, "").trimStart();
  if (start.startsWith("\u0089PNG") || start.startsWith("<svg") || start.startsWith("<?xml")) return "image";
  if (/^eyJ[\w-]*\.[\w-]+/.test(start)) return "jwt";
  if (start[0] !== "{" || bytes.length > 4000000) return "file";
  try {
    const raw = JSON.parse(fromUtf8(bytes));
    if (raw.format === "ciss-snapshot-1") return "snapshot";
    if (raw.format === "ciss-proof-1") return "proof";
    return "credential";
  } catch (error) {
    return "file";
  }
}

/* A newer snapshot takes the place of the one in this page, if the same key of the log signed it. */
async function takeSnapshot(file, world) {
  try {
    const found = await readSnapshot(json(fromUtf8(file.bytes)), world.keys);
    if (world.snapshot && found.takenAt <= world.snapshot.takenAt) {
      return noted(file.name, "unknown", check("snapshot", NO, "snapshot_older", { day: found.day }));
    }
    world.snapshot = found;
    world.problem = null;
    markKeys(world.keys, found);
    return noted(file.name, "snapshot", check("snapshot", YES, "snapshot_taken", { day: found.day }));
  } catch (error) {
    return noted(file.name, "unknown", checkOf("snapshot", error));
  }
}

function noted(name, answer, one) {
  return { name, verdict: verdict(answer, null, [one]) };
}

/* A certificate and a credential of the same code must belong together. */
function bindTogether(judged) {
  for (const credential of judged.filter((one) => one.kind === "credential" && one.verdict.file)) {
    const file = judged.find((one) => one.kind === "file" && one.verdict.file && one.verdict.code === credential.verdict.code);
    if (!file) continue;
    const bound = file.verdict.file === credential.verdict.file;
    for (const one of [file, credential]) {
      if (one.verdict.checks.some((made) => made.what === "together" && made.outcome === (bound ? YES : NO))) continue;
      one.verdict.checks.push(check("together", bound ? YES : NO, bound ? "together" : "not_together"));
      if (!bound && GOOD.includes(one.verdict.answer)) one.verdict.answer = "unknown";
    }
  }
}

/* A proof without the certificate that it is for shows nothing. */
function lonely(proofs) {
  return proofs.filter((one) => !one.used).map((one) => noted(one.name, "unknown", check("log", UNKNOWN, "proof_alone")));
}
