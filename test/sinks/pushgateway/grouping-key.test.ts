import {expect, test} from 'vitest'
import {groupingKey} from '../../../src/sinks/pushgateway/grouping-key.ts'
import {run} from '../../fixtures/reports.ts'

test.each([
  ['plain values', {}, '/metrics/job/video-chat/instance/staging/location/vienna'],
  [
    'a narrowed run',
    {selection: 'narrowed' as const},
    '/metrics/job/video-chat/instance/staging/location/vienna/selection/narrowed',
  ],
  ['an empty value', {location: ''}, '/metrics/job/video-chat/instance/staging/location@base64/='],
  ['a slash', {location: 'eu/west'}, '/metrics/job/video-chat/instance/staging/location@base64/ZXUvd2VzdA'],
  ['a dot segment', {location: '..'}, '/metrics/job/video-chat/instance/staging/location@base64/Li4'],
  ['other characters', {location: 'zürich 1?'}, '/metrics/job/video-chat/instance/staging/location/z%C3%BCrich%201%3F'],
  ['half a surrogate pair', {location: 'a\ud800'}, '/metrics/job/video-chat/instance/staging/location/a%EF%BF%BD'],
])('%s', (_title, facts, path) => {
  expect(groupingKey({...run, ...facts})).toBe(path)
})
