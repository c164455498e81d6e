import { expect, it } from 'vitest'
import en from '../../../locales/ui.en.json'
import zh from '../../../locales/ui.zh-CN.json'

it('both languages know the same words', () => {
  const keys = (o: object, at = ''): string[] =>
    Object.entries(o).flatMap(([k, v]) => (typeof v === 'object' ? keys(v, `${at}${k}.`) : [`${at}${k}`]))
  expect(keys(en)).toEqual(keys(zh))
})
