// Looks at credentials with Digital Bazaar's libraries. Reads a job as JSON from standard input, writes
// one line of JSON for each case: {"verified": bool, "statuses": {"revocation": bool, ...} or null}.
// Fetches nothing: every address that may be asked for is in the job.
import { readFileSync } from "node:fs";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { verifyCredential } from "@digitalbazaar/vc";

const { now, documents, cases } = JSON.parse(readFileSync(0, "utf8"));

async function look({ credential, lists }) {
  const known = { ...documents, ...lists };
  const documentLoader = async (url) => {
    if (!(url in known)) throw new Error(`not to be fetched: ${url}`);
    return { contextUrl: null, documentUrl: url, document: known[url] };
  };
  const suite = new DataIntegrityProof({ cryptosuite });
  const found = await verifyCredential({
    credential,
    suite,
    documentLoader,
    now: new Date(now),
    checkStatus: (options) =>
      checkStatus({ ...options, suite, documentLoader, verifyBitstringStatusListCredential: true }),
  });
  const results = found.statusResult?.results;
  return {
    verified: found.verified,
    statuses: results
      ? Object.fromEntries(results.map((one) => [one.credentialStatus.statusPurpose, one.status]))
      : null,
  };
}

for (const one of cases) console.log(JSON.stringify(await look(one)));
