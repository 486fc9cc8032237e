import {expect, test} from 'vitest'
import {assess} from '../../src/core/assess.ts'
import {runbooksFor} from '../../src/core/runbook.ts'
import {attempt, check, refused} from '../fixtures/reports.ts'

const runbook = {title: 'Restart', symptoms: ['down'], investigation: [], resolution: [], recovery: '1 minute'}
const all = {restart: runbook, other: runbook}

test('only the runbooks that a verdict refers to are handed on', () => {
  const failing = check([attempt({failure: refused})], {runbook: 'restart'})
  expect(Object.keys(runbooksFor(assess([failing], []), all))).toEqual(['restart'])
})

test('what is well needs no runbook, and what was not tried has its own above it', () => {
  const fine = check([attempt()], {runbook: 'restart'})
  const blocked = check([], {check: 'ice', runbook: 'other', skipped: 'blocked by turn'})
  expect(runbooksFor(assess([fine, blocked], []), all)).toEqual({})
})
