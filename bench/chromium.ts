import {chromium} from 'playwright-core'
import {findProgram, howToGet} from '../tools/programs.ts'

export interface RelayServer {
  readonly urls: string
  readonly username: string
  readonly credential: string
}

/** Headless Chromium with an empty page. */
export interface Browser {
  /** Calls from one end to the other in the page, relay only: milliseconds until the data channel is open, null where it did not open in time. */
  calls(server: RelayServer, plan: {readonly calls: number; readonly timeoutMs: number}): Promise<(number | null)[]>
  close(): Promise<void>
}

export async function startChromium(): Promise<Browser> {
  const executablePath = findProgram('chromium')
  if (executablePath === undefined) throw new Error(`no chromium: ${howToGet('chromium')}`)
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--ignore-certificate-errors'],
    ],
  })
  const page = await browser.newPage()
  return {
    calls: (server, plan) => page.evaluate(callsInPage, {server, ...plan}),
    close: () => browser.close(),
  }
}

/** As much of the browser's RTCPeerConnection as a call needs: its own types would bring those of all browsers along. */
interface PageConnection {
  readonly localDescription: object | null
  onicecandidate: ((event: {readonly candidate: object | null}) => void) | null
  ondatachannel: ((event: {readonly channel: PageChannel}) => void) | null
  addIceCandidate(candidate: object): Promise<void>
  createDataChannel(label: string, options: object): PageChannel
  createOffer(): Promise<object>
  createAnswer(): Promise<object>
  setLocalDescription(description: object): Promise<void>
  setRemoteDescription(description: object): Promise<void>
  close(): void
}
interface PageChannel {
  readonly readyState: string
  onopen: (() => void) | null
}
declare const RTCPeerConnection: new (config: object) => PageConnection

/** Runs in the page, one call after the other. */
async function callsInPage(given: {server: RelayServer; calls: number; timeoutMs: number}): Promise<(number | null)[]> {
  const {server, calls, timeoutMs} = given
  const times: (number | null)[] = []
  for (let n = 0; n < calls; n++) {
    const [near, far] = [0, 1].map(
      () => new RTCPeerConnection({iceServers: [server], iceTransportPolicy: 'relay'}),
    ) as [PageConnection, PageConnection]
    const begin = performance.now()
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), timeoutMs))
    const opened = new Promise<number>((resolve) => {
      near.onicecandidate = ({candidate}) => void (candidate && far.addIceCandidate(candidate))
      far.onicecandidate = ({candidate}) => void (candidate && near.addIceCandidate(candidate))
      const channel = near.createDataChannel('echo', {ordered: false})
      let farOpen = false
      const done = () => {
        if (farOpen && channel.readyState === 'open') resolve(performance.now() - begin)
      }
      channel.onopen = done
      far.ondatachannel = ({channel: other}) => {
        other.onopen = () => {
          farOpen = true
          done()
        }
      }
    })
    await near.setLocalDescription(await near.createOffer())
    if (near.localDescription) await far.setRemoteDescription(near.localDescription)
    await far.setLocalDescription(await far.createAnswer())
    if (far.localDescription) await near.setRemoteDescription(far.localDescription)
    times.push(await Promise.race([opened, late]))
    near.close()
    far.close()
  }
  return times
}
