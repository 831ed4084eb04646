// Looks at credentials with verifier-core of the Digital Credentials Consortium. Reads the same job as
// check.mjs; writes one line for each case: {"steps": {id: valid}, "schema": [valid], "errors": [name]}.
// The library fetches by itself, so its fetch is put aside: every address that may be asked for is in the job.
import { readFileSync } from "node:fs";

const { now, documents, cases } = JSON.parse(readFileSync(0, "utf8"));
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [now]));
  }
  static now() {
    return new RealDate(now).getTime();
  }
};
let known = documents;
const webDid = (address) => {
  const { host, pathname } = new URL(address);
  return pathname === "/.well-known/did.json" ? `did:web:${host}` : address;
};
globalThis.fetch = async (asked) => {
  const address = typeof asked === "string" ? asked : asked.url;
  const found = known[webDid(address)];
  const headers = { "content-type": "application/json" };
  return found
    ? new Response(JSON.stringify(found), { status: 200, headers })
    : new Response("{}", { status: 404, headers });
};
const { verifyCredential } = await import("@digitalcredentials/verifier-core");

for (const { credential, lists } of cases) {
  known = { ...documents, ...lists };
  const found = await verifyCredential({ credential, knownDIDRegistries: [] });
  const schema = found.additionalInformation?.find((one) => one.id === "schema_check")?.results ?? [];
  console.log(
    JSON.stringify({
      steps: Object.fromEntries((found.log ?? []).map((one) => [one.id, one.valid ?? one.error.name])),
      schema: schema.map((one) => one.result.valid),
      errors: (found.errors ?? []).map((one) => one.name),
    }),
  );
}
