// Every word of the interface is used and is there in both languages, and stands where whoever uses it looks for it.
import { expect, test } from 'vitest'
import en from '../../../locales/ui.en.json'
import zh from '../../../locales/ui.zh-CN.json'

const texts = import.meta.glob<string>('../**/*.{ts,vue}', { query: '?raw', import: 'default', eager: true })

const keys = (words: object, at = ''): string[] =>
  Object.entries(words).flatMap(([k, v]) => (typeof v === 'object' ? keys(v, `${at}${k}.`) : [`${at}${k}`]))

const words = keys(zh)
const groups = new Set(Object.keys(zh))
const groupOf = (key: string) => key.slice(0, key.indexOf('.'))

/** What looks like a word's key and is a command of the host. */
const commands = new Set(
  [...(texts['../generated/api.ts'] ?? '').matchAll(/^ {2}"([a-z_.]+)": \{ request/gm)].map((m) => m[1]),
)

/** `features/case/CaseHead.vue` is of the room `case`, `app/TopBar.vue` of `app`. */
const roomOf = (path: string) => path.replace(/^\.\.\/(features\/)?/, '').split('/')[0] ?? ''

const files = Object.entries(texts)
  .filter(([path]) => !path.includes('/generated/') && !path.endsWith('.test.ts'))
  .map(([path, text]) => {
    const quoted = [...text.matchAll(/'([a-z_0-9-]+(?:\.[\w-]+)+)'/g)].map((m) => m[1] ?? '')
    /** What is put together, `group.${…}`: each hole stands for one part of the key. */
    const made = [...text.matchAll(/`([a-z_0-9-]+\.[^`\s]*\$\{[^`]*)`/g)].map((m) =>
      (m[1] ?? '').replace(/\$\{[^}]*\}/g, '*'),
    )
    return {
      path,
      room: roomOf(path),
      named: quoted.filter((key) => groups.has(groupOf(key)) && !commands.has(key)),
      made: made.filter((key) => groups.has(groupOf(key))),
    }
  })

const leads = (pattern: string) => {
  const shape = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[\\w-]+')}$`)
  return (key: string) => shape.test(key)
}

test('both languages have the same words', () => expect(keys(en)).toEqual(words))

test('every word that is used is there', () => {
  const there = new Set(words)
  expect(files.flatMap((f) => f.named).length).toBeGreaterThan(500)
  expect(files.flatMap((f) => f.named).filter((key) => !there.has(key))).toEqual([])
  expect(files.flatMap((f) => f.made).filter((pattern) => !words.some(leads(pattern)))).toEqual([])
})

test('every word is used', () => {
  const named = new Set(files.flatMap((f) => f.named))
  const made = files.flatMap((f) => f.made).map(leads)
  expect(words.filter((key) => !named.has(key) && !made.some((leadsTo) => leadsTo(key)))).toEqual([])
})

test('a room uses its own words and those of the rooms below it, a feature only shared ones besides', () => {
  const OTHERS: Record<string, string[]> = {
    app: ['shared', 'host'],
    shared: [],
    host: [],
    queries: [],
    words: [],
  }
  const strange = files.flatMap(({ path, room, named, made }) => {
    const may = new Set([room, ...(OTHERS[room] ?? ['shared'])])
    return [...named, ...made].filter((key) => !may.has(groupOf(key))).map((key) => `${path}: ${key}`)
  })
  expect(strange).toEqual([])
})

test('a word is shared only where more than one room uses it', () => {
  const users = (key: string) =>
    new Set(
      files
        .filter((f) => f.named.includes(key) || f.made.some((pattern) => leads(pattern)(key)))
        .map((f) => f.room),
    )
  const alone = words.filter((key) => {
    const rooms = users(key)
    return groupOf(key) === 'shared' && rooms.size === 1 && !rooms.has('shared')
  })
  expect(alone).toEqual([])
})
