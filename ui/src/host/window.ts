// What only the window can do; a browser has none of it.
import { language } from '@/words/i18n'
import { toHostError } from './errors'

export const inWindow = '__TAURI_INTERNALS__' in window

/** A host that said on the local network that it is there. */
export interface Found {
  organisation: string
  address: string
  code: string
}
/** A host before it is trusted: its code is compared with the one that the host shows. */
export interface Offered {
  address: string
  code: string
}
/** Whether others are let in to this PC's folder. */
export interface Sharing {
  on: boolean
  addresses: string[]
  code: string
}

async function shell<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  const { invoke } = await import('@tauri-apps/api/core')
  return await invoke<T>(command, { ...args, lang: language() }).catch((e) => Promise.reject(toHostError(e)))
}

/** What only the window can do: join a host, leave it, let others in, open an encrypted folder, choose a folder. */
export const shellCalls = {
  findHosts: () => shell<Found[]>('find_hosts'),
  showHost: (address: string) => shell<Offered>('show_host', { address }),
  joined: () => shell<{ address: string; code: string } | null>('joined'),
  join: (address: string, code: string) => shell<void>('join', { address, code }),
  leave: () => shell<void>('leave'),
  unlock: (phrase: string) => shell<void>('unlock', { phrase }),
  sharing: () => shell<Sharing | null>('letting'),
  chooseFolder: () => shell<string | null>('choose_folder'),
  letIn: (on: boolean) => shell<Sharing>('let_in', { on }),
}
