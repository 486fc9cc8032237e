import {isJsonObject} from '../../core/json.ts'
import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {DrillResult} from '../../core/drill-result.ts'
import {UserError} from '../../core/errors.ts'
import type {Report} from '../../core/report.ts'
import {packageRoot} from '../../probes/package-files.ts'

/** The report of a drill. */
export interface DrillReport extends Report {
  readonly drill: DrillResult
}

const schemaFile = join(packageRoot, 'schemas/report.schema.json')
let validator: Promise<ValidateFunction> | undefined

/** Reads the report in a folder, by the published schema. Throws UserError for what is none, or one of another version. */
export async function readDrillReport(folder: string): Promise<DrillReport> {
  const file = join(folder, 'report.json')
  const document = parsed(await textOf(file), file)
  const {schema} = document
  if (schema !== 1) {
    throw new UserError(
      `${file}: expected a report of schema 1, got ${schema === undefined ? 'none' : `schema ${JSON.stringify(schema)}`}`,
      'read it with the version of probe that wrote it',
    )
  }
  validator ??= compiled()
  const validate = await validator
  if (!validate(document)) {
    const [first] = (validate.errors ?? []).filter(({keyword}) => keyword !== 'oneOf')
    const where = first ? `${first.instancePath || 'it'} ${first.message ?? ''}` : 'it has another shape'
    throw new UserError(
      `${file} is no report of this version: ${where}`,
      'read it with the version of probe that wrote it',
    )
  }
  const report = document as unknown as Report
  if (!report.drill) throw new UserError(`${file} is the report of a run without a drill`)
  return {...report, drill: report.drill}
}

async function compiled(): Promise<ValidateFunction> {
  const schema = JSON.parse(await readFile(schemaFile, 'utf8')) as Record<string, unknown>
  return new Ajv2020({allowUnionTypes: true}).compile({...schema, $ref: '#/$defs/report', oneOf: undefined})
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    const {code = 'unknown error'} = cause as NodeJS.ErrnoException
    throw new UserError(`${file} cannot be read (${code})`, 'name the folder of a drill, see "probe drill list"', {
      cause,
    })
  }
}

function parsed(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(text)
    if (isJsonObject(document)) return document
  } catch {
    // told below
  }
  throw new UserError(`${file}: expected a report as JSON, got something else`)
}
