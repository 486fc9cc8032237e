import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

/** The licences of the packages that these files come from, as their authors want them to travel along. */
export function licencesOf(files: readonly string[]): string {
  const folders = files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? [])
  const texts = [...new Set(folders)].map((folder) => {
    const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
    const text = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
    return `${name} ${version} (${license})\n\n${text ? readFileSync(join(folder, text), 'utf8').trim() : ''}\n`
  })
  return texts.toSorted().join(`\n${'-'.repeat(72)}\n\n`)
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license: string
}
