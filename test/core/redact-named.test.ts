import {expect, test} from 'vitest'
import {redactNamed} from '../../src/core/redact-named.ts'

test.each([
  ['{"token":"abc","room":"r"}', '{"token":"[redacted]","room":"r"}'],
  ['42["welcome",{"accessToken" : "a\\"b"}]', '42["welcome",{"accessToken" : "[redacted]"}]'],
  ['{"iceServers":[{"username":"u","credential":"c"}]}', '{"iceServers":[{"username":"u","credential":"[redacted]"}]}'],
  ['{"body":"{\\"password\\":\\"p\\",\\"n\\":1}"}', '{"body":"{\\"password\\":\\"[redacted]\\",\\"n\\":1}"}'],
  ['{"X-API-Key":"k","apikey":"l"}', '{"X-API-Key":"[redacted]","apikey":"[redacted]"}'],
  ['{"AUTHORIZATION":"Basic eA=="}', '{"AUTHORIZATION":"[redacted]"}'],
  ['{"token":5,"tokens":[]}', '{"token":5,"tokens":[]}'],
  ['the token is not named', 'the token is not named'],
])('%s is shown as %s', (text, expected) => {
  expect(redactNamed(text)).toBe(expected)
})
