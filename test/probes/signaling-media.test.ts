import type {Server} from 'socket.io'
import {describe, expect, test} from 'vitest'
import {RTCPeerConnection, type RTCSessionDescription} from 'werift'
import type {Candidate} from '../../src/dialect/candidate.ts'
import type {Side} from '../../src/dialect/plan.ts'
import {probes} from '../../src/probes/index.ts'
import {lead} from '../../src/probes/signaling/lead.ts'
import type {Media} from '../../src/probes/signaling/media.ts'
import {signalingOptions} from '../../src/probes/signaling/options.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {tricklingDialect, videoChatDialect} from '../fixtures/dialects.ts'
import {recordingTrace} from '../fixtures/recording-trace.ts'
import {valuesOf} from '../fixtures/values-of.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'

const dialect = videoChatDialect()
const trickling = tricklingDialect()

/** As simple-peer has it: whatever one peer says to the other is the same event, and what it holds tells what it is. */
const signal = (data: object) => ({event: 'signal', args: ['{room}', data]})
const described = (type: string) => ({
  send: signal({type, sdp: '{sdp}'}),
  expect: {event: 'signal', where: {'$[0].type': type}, take: {remote_sdp: '$[0].sdp'}},
})
const oneEvent = {
  transport: {kind: 'socket.io'},
  ids: {room: {prefix: 'probe-', shared: true}},
  match: {
    isolation: 'room',
    join: [{send: {event: 'enter', args: ['{room}']}}],
    matched: {event: 'peers', least: {'$[0]': 2}},
  },
  handover: {
    offer: described('offer'),
    answer: described('answer'),
    candidate: {
      send: signal({candidate: {candidate: '{candidate}', sdpMid: '{mid}', sdpMLineIndex: '{mline}'}}),
      expect: {
        event: 'signal',
        take: {
          remote_candidate: '$[0].candidate.candidate',
          remote_mid: '$[0].candidate.sdpMid',
          remote_mline: '$[0].candidate.sdpMLineIndex',
        },
      },
    },
  },
  roundTrip: {kind: 'relay', send: signal({note: '{id}'}), expect: {event: 'signal', where: {'$[0].note': '{id}'}}},
  leave: [{send: {event: 'leave'}}],
}

/** Rooms beside the video chat. */
const rooms = (io: Server) =>
  void io.on('connection', (socket) => {
    socket.on('enter', async (room: string) => {
      await socket.join(room)
      io.to(room).emit('peers', io.sockets.adapter.rooms.get(room)?.size ?? 0)
    })
    socket.on('signal', (room: string, data: unknown) => socket.to(room).emit('signal', data))
  })

/** A peer that means it. */
class LivePeer implements Media {
  readonly peer = new RTCPeerConnection({iceServers: []})
  readonly seen: Candidate[] = []

  onCandidate(listener: (candidate: Candidate | null) => void): void {
    this.peer.onIceCandidate.subscribe((found) => {
      const {candidate: text, sdpMid, sdpMLineIndex} = found?.toJSON() ?? {}
      listener(text === undefined ? null : {candidate: text, mid: sdpMid ?? null, mLine: sdpMLineIndex ?? null})
    })
  }

  async offer({trickle}: {trickle: boolean}): Promise<string> {
    this.peer.createDataChannel('call')
    return this.#localize(await this.peer.createOffer(), trickle)
  }

  async answer(offer: string, {trickle}: {trickle: boolean}): Promise<string> {
    await this.peer.setRemoteDescription({type: 'offer', sdp: offer})
    return this.#localize(await this.peer.createAnswer(), trickle)
  }

  async accept(answer: string): Promise<void> {
    await this.peer.setRemoteDescription({type: 'answer', sdp: answer})
  }

  async addCandidate(candidate: Candidate): Promise<void> {
    this.seen.push(candidate)
    const {mid, mLine} = candidate
    await this.peer.addIceCandidate({
      candidate: candidate.candidate,
      ...(mid !== null && {sdpMid: mid}),
      ...(mLine !== null && {sdpMLineIndex: mLine}),
    })
  }

  async #localize(description: RTCSessionDescription, trickle: boolean): Promise<string> {
    const gathered = this.peer.setLocalDescription(description)
    if (trickle) return description.sdp
    await gathered
    return this.peer.localDescription?.sdp ?? ''
  }
}

describe('a hand-over with live peers', () => {
  test.each([
    ['one candidate after the other', trickling],
    ['all candidates in the descriptions', dialect],
    ['candidates that share the event of offer and answer', oneEvent],
  ])('is a call, until it is hung up: %s', async (_, spoken) => {
    const server = closing(await videoChatServer({prepare: rooms}))
    const peers: Record<Side, LivePeer> = {a: new LivePeer(), b: new LivePeer()}
    closing({close: () => Promise.all([peers.a.peer.close(), peers.b.peer.close()])})
    const channel = new Promise<void>((open) => peers.b.peer.onDataChannel.once(() => open()))
    const trace = recordingTrace()
    await lead(
      {
        options: signalingOptions.parse({dialect: spoken}),
        purpose: 'call',
        media: (side) => peers[side],
        async call() {
          expect(server.received).not.toContain('leave')
          await channel
        },
      },
      {address: server.url, display: server.url},
      trace,
    )
    expect(server.received.filter((event) => event === 'leave')).toHaveLength(2)
    expect(peers.a.seen.length > 0).toBe(spoken !== dialect)
    expect(trace.phases).toEqual(expect.arrayContaining(['open', 'match', 'offer', 'answer', 'leave']))
  })

  test('a call that breaks ends the conversation with its own error, after the leave', async () => {
    const server = closing(await videoChatServer())
    const peers: Record<Side, LivePeer> = {a: new LivePeer(), b: new LivePeer()}
    closing({close: () => Promise.all([peers.a.peer.close(), peers.b.peer.close()])})
    const led = lead(
      {
        options: signalingOptions.parse({dialect: trickling}),
        purpose: 'call',
        media: (side) => peers[side],
        call: () => Promise.reject(new Error('no picture')),
      },
      {address: server.url, display: server.url},
      recordingTrace(),
    )
    await expect(led).rejects.toThrow('no picture')
    await expect.poll(() => server.received.filter((event) => event === 'leave')).toHaveLength(2)
  })
})

describe('the descriptions of the signaling probe', () => {
  const quick = {count: 2, interval: 5}

  test('are those that a real peer takes, and so are its candidates', async () => {
    const taken: string[] = []
    const server = closing(
      await videoChatServer({
        prepare(io) {
          io.on('connection', (socket) => {
            const judge = new RTCPeerConnection({iceServers: []})
            socket.on('disconnect', () => void judge.close())
            socket.on('send-offer', async ({offer}: {offer: {type: 'offer'; sdp: string}}) => {
              await judge.setRemoteDescription(offer)
              taken.push((await judge.createAnswer()).type)
            })
            socket.on('send-candidate', async ({candidate: found}: {candidate: {candidate: string}}) => {
              await judge.addIceCandidate(found)
              taken.push('candidate')
            })
          })
        },
      }),
    )
    const {roundTrip} = dialect
    const result = await attemptOn(probes.signaling, {
      address: server.url,
      options: {...quick, dialect: {...trickling, roundTrip}},
    })
    expect(result.ok ? undefined : result.failure).toBeUndefined()
    expect(taken.filter((one) => one === 'answer')).toHaveLength(1)
    expect(taken).toContain('candidate')
  })

  test('are handed over where offer, answer, candidates and round trips are all one event', async () => {
    const server = closing(await videoChatServer({prepare: rooms}))
    const result = await attemptOn(probes.signaling, {address: server.url, options: {...quick, dialect: oneEvent}})
    expect(result.ok ? undefined : result.failure).toBeUndefined()
    expect(result.phases.find(({name}) => name === 'candidates')).toMatchObject({state: 'done'})
    expect(valuesOf(result, 'signaling_rtt')).toEqual([expect.any(Number), expect.any(Number)])
  })

  test('an offer that was spoiled on the way is refused by our peer, with its reason', async () => {
    const server = closing(await videoChatServer())
    const {handover} = dialect as {handover: {offer: object}}
    const offer = {
      ...handover.offer,
      send: {event: 'send-offer', args: [{roomId: '{room}', offer: {type: 'offer', sdp: 'm=nonsense'}}]},
    }
    const result = await attemptOn(probes.signaling, {
      address: server.url,
      options: {...quick, dialect: {...dialect, handover: {...handover, offer}}},
    })
    expect(result.ok ? undefined : result.failure).toMatchObject({code: 'sdp_refused', phase: 'answer'})
  })
})
