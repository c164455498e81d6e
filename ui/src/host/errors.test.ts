import { expect, it } from 'vitest'
import { toHostError } from './errors'

it('a host error keeps code and sentence', () => {
  expect(toHostError({ code: 'barred', params: {}, message: '回避' })).toMatchObject({
    code: 'barred',
    message: '回避',
  })
})
