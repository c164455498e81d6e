// Every word of the interface is used somewhere, and every word that is used is there, in both languages.
import { expect, test } from 'vitest'
import en from '../../../locales/ui.en.json'
import zh from '../../../locales/ui.zh-CN.json'

const sources = import.meta.glob<string>('../**/*.{ts,vue}', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const code = Object.entries(sources)
  .filter(([path]) => !path.includes('/generated/') && !path.endsWith('.test.ts'))
  .map(([, text]) => text)
  .join('\n')

const keys = (words: object, at = ''): string[] =>
  Object.entries(words).flatMap(([k, v]) => (typeof v === 'object' ? keys(v, `${at}${k}.`) : [`${at}${k}`]))

const groups = new Set(Object.keys(zh))
/** What stands in quotes and looks like a word's key: a group of the words, and more. */
const named = [...code.matchAll(/'([a-z_0-9]+(?:\.[\w-]+)+)'/g)].map((m) => m[1] ?? '')
/** What is put together: `group.${…}`, each hole standing for one part of the key. */
const made = [...code.matchAll(/`([a-z_0-9]+\.[^`\s]*\$\{[^`]*)`/g)]
  .map((m) => m[1] ?? '')
  .map((key) => key.replace(/\$\{[^}]*\}/g, '*'))
  .filter((key) => groups.has(key.slice(0, key.indexOf('.'))))
const patterns = made.map((key) => new RegExp(`^${key.replaceAll('.', '\\.').replaceAll('*', '[\\w-]+')}$`))

test('both languages have the same words', () => expect(keys(en)).toEqual(keys(zh)))

test('every word that is used is there', () => {
  const there = new Set(keys(zh))
  const asked = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((m) => m[1] ?? '')
  expect(asked.length).toBeGreaterThan(300)
  expect(asked.filter((key) => !there.has(key))).toEqual([])
  // Each pattern leads to some word at least.
  const empty = made.filter((_, n) => !keys(zh).some((key) => patterns[n]?.test(key)))
  expect(empty).toEqual([])
})

test('every word is used', () => {
  const used = new Set(named)
  expect(keys(zh).filter((key) => !used.has(key) && !patterns.some((p) => p.test(key)))).toEqual([])
})
