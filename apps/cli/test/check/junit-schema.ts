/** JUnit's XML → what is wrong with it by the schema of Jenkins' xUnit plugin (fixtures/schemas), as libxml2 says it. */
import { readFileSync } from 'node:fs';
import { JUNIT_SCHEMA } from '@memscope/fixtures';
import { validateXML } from 'xmllint-wasm';

/** Empty where it is valid. */
export async function faultsOfJunit(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents: xml }],
    schema: [readFileSync(JUNIT_SCHEMA, 'utf8')],
  });
  return errors.map(({ rawMessage }) => rawMessage);
}
