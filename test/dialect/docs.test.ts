import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {parse} from 'yaml'
import {dialectSchema} from '../../src/dialect/schema.ts'
import {runCli} from '../fixtures/cli.ts'
import {closing} from '../fixtures/closing.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/dialects.md'), 'utf8')
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)

test.each(examples)('an example of the documentation is valid: %#', (text) => {
  const {dialect} = parse(text) as {dialect: unknown}
  expect(dialectSchema.safeParse(dialect).error).toBeUndefined()
})

test('the first example is a profile that leads a real conversation, as the page says', async () => {
  const {url} = closing(
    await videoChatServer({
      prepare: (io) =>
        io.on('connection', (socket) =>
          socket.on('echo', (id: string, acknowledge: (id: string) => void) => {
            acknowledge(id)
          }),
        ),
    }),
  )
  const [, command = ''] = /`probe (signaling [^`]+)`/.exec(page) ?? []
  const cwd = configFolder({'echo.yaml': examples[0] ?? ''})
  const {code, stdout, stderr} = await runCli(command.replace('http://localhost:3000', url).split(' '), {cwd})
  expect({code, stderr}).toEqual({code: 0, stderr: ''})
  expect(stdout).toContain('signaling rtt 20/20')
})
