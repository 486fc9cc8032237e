import type {RequestListener} from 'node:http'
import type {Socket} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import type {ExportResult} from '../../src/core/report.ts'
import {exportReport} from '../../src/sinks/export-report.ts'
import type {Sink} from '../../src/sinks/sink.ts'
import {closedTcp, garbageTcp, resettingTcp, silentTcp, tcpFault, type FaultServer} from '../fixtures/fault-server.ts'
import {reports} from '../fixtures/reports.ts'
import {serveHttp} from '../fixtures/serve-http.ts'

export interface Conforming {
  readonly name: string
  /** The sink with `secret` as its credentials; `timeoutMs` is its whole time. */
  readonly make: (options: {url: string; timeoutMs: number; secret: string}) => Sink
}

const SECRET = 'hunter2-hunter2'
const GENEROUS_MS = 10_000
const SHORT_MS = 300

/** What every sink over HTTP has to pass: a server at fault is a result with a cause, in time, and never a secret. */
export function conforms({name, make}: Conforming): void {
  const exportTo = async (server: {port: number}, timeoutMs = GENEROUS_MS): Promise<ExportResult> => {
    const sink = make({url: `http://127.0.0.1:${server.port}`, timeoutMs, secret: SECRET})
    const [result] = await exportReport(reports.fail, [sink], AbortSignal.timeout(GENEROUS_MS))
    if (!result) throw new Error('expected a result')
    expect(JSON.stringify(result)).not.toContain(SECRET)
    return result
  }
  const started = async <Server extends {port: number; close(): Promise<void>}>(server: Promise<Server>) => {
    const running = await server
    onTestFinished(() => running.close())
    return running
  }

  describe(`${name} meets a server`, () => {
    test.each<[string, () => Promise<FaultServer>, RegExp]>([
      ['that refuses the port', closedTcp, /connection refused \(ECONNREFUSED/],
      ['that resets the connection', resettingTcp, /connection reset/],
      ['that does not speak HTTP', garbageTcp, /Parse Error/],
      ['that breaks off in the middle of its answer', cutOff, /connection reset/],
      ['that answers without end', endless, /got more than \d+ bytes/],
    ])('%s: the cause is told at once', async (_title, start, message) => {
      const result = await exportTo(await started(start()))
      expect(result).toMatchObject({sink: name, ok: false})
      expect(result.message).toMatch(message)
    })

    test.each<[string, () => Promise<FaultServer>]>([
      ['that says nothing', silentTcp],
      ['that trickles its head', () => trickling('HTTP/1.1 200 OK\r\nX-Padding: ')],
      ['that trickles its body', () => trickling('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')],
    ])('%s: the deadline ends it', async (_title, start) => {
      const server = await started(start())
      const begin = performance.now()
      const result = await exportTo(server, SHORT_MS)
      expect(result).toMatchObject({
        ok: false,
        message: expect.stringContaining(`not done within ${SHORT_MS} ms`) as string,
      })
      expect(performance.now() - begin).toBeLessThan(SHORT_MS + 1000)
    })

    test.each<[string, RequestListener, RegExp]>([
      [
        'that redirects',
        (_, res) => res.writeHead(302, {location: 'http://elsewhere.example/x?key=value'}).end(),
        /redirect \(302\) to http:\/\/elsewhere\.example\/x\?key=….*not followed/,
      ],
      ['that answers 201', (_, res) => res.writeHead(201).end(), /got 201 Created/],
      ['that wants other credentials', (_, res) => res.writeHead(401).end('Unauthorized'), /got 401 Unauthorized/],
      [
        'that refuses what is sent',
        (_, res) => res.writeHead(400).end('text format parsing error in line 1'),
        /got 400 Bad Request: text format parsing error in line 1$/,
      ],
      ['that fails', (_, res) => res.writeHead(503).end(), /got 503 Service Unavailable$/],
      [
        'that repeats credentials',
        (req, res) => res.writeHead(400).end(`bad: ${req.headers.authorization ?? 'none'}`),
        /got 400 Bad Request: bad: \w+ \[redacted\]$/,
      ],
    ])('%s: it is no success', async (_title, answer, message) => {
      const result = await exportTo(await started(serveHttp(answer)))
      expect(result.ok).toBe(false)
      expect(result.message).toMatch(message)
    })

    test.each([200, 202])('that answers %d: all is well', async (status) => {
      const server = await started(
        serveHttp((req, res) => void req.resume().on('end', () => res.writeHead(status).end())),
      )
      expect(await exportTo(server)).toMatchObject({sink: name, ok: true})
    })
  })

  test(`${name} ends when the run is interrupted, before or while it sends`, async () => {
    const server = await started(silentTcp())
    const sink = make({url: `http://127.0.0.1:${server.port}`, timeoutMs: GENEROUS_MS, secret: SECRET})
    const interrupt = new AbortController()
    const sending = exportReport(reports.pass, [sink], interrupt.signal)
    await server.contacted
    interrupt.abort()
    const late = await exportReport(reports.pass, [sink], interrupt.signal)
    for (const [result] of [await sending, late]) {
      expect(result).toMatchObject({ok: false, message: expect.stringContaining('interrupted') as string})
    }
  })
}

const cutOff = (): Promise<FaultServer> =>
  tcpFault((socket) => socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')))

function endless(): Promise<FaultServer> {
  const pour = (socket: Socket): void => {
    while (socket.writable && socket.write('x'.repeat(4096)));
    socket.once('drain', () => pour(socket))
  }
  return tcpFault((socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
      pour(socket)
    }),
  )
}

function trickling(begin: string): Promise<FaultServer> {
  return tcpFault((socket) => {
    socket.write(begin)
    const timer = setInterval(() => socket.write('x'), 20)
    socket.resume().on('close', () => clearInterval(timer))
  })
}
