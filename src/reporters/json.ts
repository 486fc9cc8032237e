import type {Json} from '../core/json.ts'
import {jsonText} from './json-text.ts'
import type {Reporter} from './reporter.ts'

/** The report as one document, by `schemas/report.schema.json`, the top in the order of reading. */
export const json: Reporter = ({schema, status, run, verdicts, runbooks, checks, exports, drill}) => {
  const document = {schema, status, run, verdicts, ...(drill && {drill}), runbooks, checks, exports}
  return jsonText(document as unknown as Json)
}
