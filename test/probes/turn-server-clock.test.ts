import {describe, expect, test} from 'vitest'
import {type Credentials, expiresInS} from '../../src/probes/turn/credentials.ts'
import {serverAhead} from '../../src/probes/turn/server-clock.ts'

const nowMs = 1_800_000_000_000
const refused = {secret: 'north', user: 'probe', ttlMs: 60_000}

describe("the server's clock, asked for by what it takes", () => {
  test.each([61, 62, 95, 700, 7200, 86_399])('is found when it is %i s ahead, by few questions', async (aheadS) => {
    let asked = 0
    const knows = (credentials: Credentials) => {
      asked++
      return Promise.resolve((expiresInS(credentials, nowMs) ?? 0) >= aheadS)
    }
    const found = await serverAhead({refused, nowMs, knows})
    if (typeof found !== 'object') throw new Error(`expected a difference, got ${found}`)
    expect(found.moreThanS).toBeLessThan(aheadS)
    expect(found.atMostS).toBeGreaterThanOrEqual(aheadS)
    expect(found.atMostS - found.moreThanS).toBeLessThanOrEqual(Math.max(1, found.atMostS / 100))
    expect(asked).toBeLessThanOrEqual(15)
  })

  test('is not to blame when nothing is taken, and unknown when everything is', async () => {
    const always = (answer: boolean) => () => Promise.resolve(answer)
    expect(await serverAhead({refused, nowMs, knows: always(false)})).toBe('refuses all')
    expect(await serverAhead({refused, nowMs, knows: always(true)})).toBeUndefined()
  })

  test('is told as well as it is known when the answers stop', async () => {
    let asked = 0
    const knows = (credentials: Credentials) =>
      ++asked > 5 ? Promise.reject(new Error('late')) : Promise.resolve((expiresInS(credentials, nowMs) ?? 0) >= 700)
    // 60 s and a day, then the middle of the magnitudes each time: 2277, 370, 918
    expect(await serverAhead({refused, nowMs, knows})).toEqual({moreThanS: 370, atMostS: 918})
    expect(await serverAhead({refused, nowMs, knows})).toBeUndefined()
  })

  test('is not asked for when the credential already lives a day', async () => {
    const knows = () => Promise.reject(new Error('asked'))
    expect(await serverAhead({refused: {...refused, ttlMs: 86_400_000}, nowMs, knows})).toBeUndefined()
  })
})
