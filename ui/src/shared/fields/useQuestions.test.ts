import { expect, test } from 'vitest'
import { nextTick, ref } from 'vue'
import { HostError } from '@/host/errors'
import { useQuestions } from './useQuestions'

const asked = (questions: unknown) => new HostError('value_asks', { questions }, '')
const old = { key: 'report.date', title: '报告日期', odd: 'far_past', value: '1998-01-02', usual: 5 }

test('what is unusual is said in a sentence each, with its row', () => {
  const q = useQuestions(ref({}))
  const many = { key: 'materials/2/count', title: '份数', row: 2, odd: 'large', value: 300, usual: 100 }
  const came = {
    key: 'received_at',
    title: '接到时间',
    odd: 'far_past',
    value: '2019-01-02T16:30:00Z',
    usual: 2,
  }
  expect(q.take(asked([old, many, came]))).toBe(true)
  expect(q.lines()).toEqual([
    '“报告日期”填的是 1998-01-02，距今超过 5 年',
    '第 2 行　“份数”填的是 300，平常不超过 100',
    '“接到时间”填的是 2019-01-03 00:30，距今超过 2 年',
  ])
  expect(q.keys()).toEqual(['report.date', 'materials/2/count', 'received_at'])
})

test('a refusal is no question, and what is typed afterwards is asked about anew', async () => {
  const typed = ref<Record<string, string>>({})
  const q = useQuestions(typed)
  expect(q.take(new HostError('date_in_future', {}, ''))).toBe(false)
  q.take(asked([old]))
  typed.value['report.date'] = '1898-01-02'
  await nextTick()
  expect(q.keys()).toEqual([])
})
