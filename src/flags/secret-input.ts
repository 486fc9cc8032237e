import {readFile} from 'node:fs/promises'
import {createInterface} from 'node:readline'
import {Writable} from 'node:stream'
import {UserError} from '../core/errors.ts'

/** The text of a file without its last line break; `flag` names it when there is none to be had. */
export async function readSecretFile(path: string, flag: string): Promise<string> {
  const text = (await read(path, flag)).replace(/\r?\n$/, '')
  if (text === '') throw new UserError(`${flag}: expected a secret in ${path}, got an empty file`)
  return text
}

async function read(path: string, flag: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UserError(
      `${flag}: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      undefined,
      {cause: error},
    )
  }
}

/** Asks a person without showing the answer. Undefined where nobody can be asked. */
export async function promptSecret(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  process.stderr.write(question)
  const mute = new Writable({write: (_chunk, _encoding, done) => done()})
  const lines = createInterface({input: process.stdin, output: mute, terminal: true})
  try {
    return await new Promise<string | undefined>((resolve) => {
      lines
        .once('line', resolve)
        .once('close', () => resolve(undefined))
        .once('SIGINT', () => lines.close())
    })
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
