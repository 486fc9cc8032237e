import {readdir, readFile} from 'node:fs/promises'
import type {Generated} from '../generator.ts'

/** The part of all cores that this process has used since it was last asked, threads included. */
export function cpuMeter(cores: number): () => number {
  let [usage, at] = [process.cpuUsage(), performance.now()]
  return () => {
    const {user, system} = process.cpuUsage(usage)
    const ms = performance.now() - at
    ;[usage, at] = [process.cpuUsage(), performance.now()]
    return (user + system) / 1000 / (ms * cores)
  }
}

/** Open files of this process and its limit; undefined where there is no /proc. */
export async function openFiles(): Promise<Generated['fds']> {
  try {
    const [files, limits] = await Promise.all([readdir('/proc/self/fd'), readFile('/proc/self/limits', 'utf8')])
    const max = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity)
    return {open: files.length, max}
  } catch {
    return undefined
  }
}
