// Offices on disk and the hosts that serve them, by the built `redressctl`.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join, resolve } from 'node:path'

const CTL = resolve(process.env.REDRESSCTL ?? '../target/debug/redressctl')

/** Runs `redressctl` to its end. */
export function redressctl(...args: string[]): void {
  execFileSync(CTL, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** A practice office of this `redressctl`, which nobody opens: each test copies it. */
export function practice(): string {
  return resolve('../target/e2e-practice', String(statSync(CTL, { bigint: true }).mtimeNs))
}

/** Makes it where it is not there yet: that takes longer than most tests. */
export function makePractice(): void {
  const office = practice()
  if (existsSync(office)) return
  // What other builds have made is of no use any more.
  rmSync(join(office, '..'), { recursive: true, force: true })
  redressctl('demo', `${office}.begun`)
  renameSync(`${office}.begun`, office)
}

export interface Host {
  readonly url: string
  /** Ends it at once, as a power cut does. */
  kill(): Promise<void>
  /** Asks it to end, and waits until it has finished what it accepted. */
  stop(): Promise<void>
  /** Starts it again at the same address. */
  again(): Promise<void>
}

/** `loopback` is one PC without TLS, `serve` a host for several with it. */
export type Door = 'loopback' | 'serve'

/** Serves the office at a moment that stands still, or by the machine's clock. */
export async function host(door: Door, office: string, at: string | null): Promise<Host> {
  let child: ChildProcess
  let ended: Promise<unknown>

  async function start(more: string[]): Promise<string> {
    const args = [door, office, '--ui', resolve('dist'), ...(at ? ['--at', at] : []), ...more]
    // A host for several keeps a log on standard error.
    const begun = spawn(CTL, args, { stdio: ['ignore', 'pipe', door === 'serve' ? 'ignore' : 'inherit'] })
    child = begun
    ended = new Promise((done) => begun.once('exit', done))
    return await new Promise<string>((done, fail) => {
      createInterface({ input: begun.stdout }).once('line', (line) => done(JSON.parse(line).listening))
      begun.once('error', fail)
      begun.once('exit', () => fail(new Error(`the host of ${office} ended before it listened`)))
    })
  }

  const url = await start(door === 'serve' ? ['--listen', '127.0.0.1:0'] : [])
  return {
    url,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
    async again() {
      await start(['--listen', new URL(url).host])
    },
  }
}
