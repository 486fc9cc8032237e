#!/usr/bin/env node
// Runs src/ unbuilt: Node strips the types itself, and oclif is told that the commands are there.
import {readFile} from 'node:fs/promises'
import {main} from '../src/main.ts'

const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
await main({pjson: JSON.parse(manifest.replaceAll('./dist/', './src/')), ignoreManifest: true})
