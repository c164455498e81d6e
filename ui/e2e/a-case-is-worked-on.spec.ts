import { action, choose, field, PASSWORD, tab } from './support/hands'
import { expect, test } from './support/test'

test('a case is acted on, signed, and the wrong role sees whose turn it is', async ({
  received,
  signIn,
  picture,
}) => {
  const number = await received()
  const clerk = await signIn('zhaomin')
  await clerk.goto(`/#/case/${number}`)
  await action(clerk, 'send_to_qm').click()
  await choose(clerk, 'pretreatment.opinion', 'accept')
  await field(clerk, 'pretreatment.department').fill('办公室')
  await field(clerk, 'signature.password').fill(PASSWORD)
  await action(clerk, 'send').click()
  await expect(clerk.getByText('现在：质量负责人审查')).toBeVisible()
  await expect(clerk.locator('[data-refused="accept_case"]')).toContainText('质量负责人')
  const manager = await signIn('luoping')
  await manager.goto(`/#/case/${number}`)
  await action(manager, 'accept_case').click()
  await field(manager, 'signature.password').fill(PASSWORD)
  await action(manager, 'send').click()
  await expect(manager.getByText('现在：调查核实')).toBeVisible()
  const examiner = await signIn('zhouheng')
  await examiner.goto(`/#/case/${number}`)
  await action(examiner, 'record_investigation').click()
  await field(examiner, 'investigation.text').fill('叫号屏断电，未及时报修。')
  await field(examiner, 'signature.password').fill('not this one')
  await picture(examiner, 'signing')
  await action(examiner, 'send').click()
  await expect(examiner.getByRole('alert')).toContainText('密码不对，没有执行')
  await expect(field(examiner, 'investigation.text')).toHaveValue('叫号屏断电，未及时报修。')
  await field(examiner, 'signature.password').fill(PASSWORD)
  await action(examiner, 'send').click()
  await expect(examiner.getByText('现在：判断')).toBeVisible()
  await picture(manager, 'case-manager')
})

test('a recorded value is corrected with a reason, and documents are flagged', async ({
  received,
  signIn,
  picture,
}) => {
  const number = await received()
  const page = await signIn('zhaomin')
  await page.goto(`/#/case/${number}`)
  await tab(page, 'values').click()
  const phone = page.locator('[data-value="complainant.phone"]')
  await action(phone, 'correct').click()
  await field(page, 'correction.new').fill('139 0000 1234')
  await field(page, 'correction.reason').fill('号码听错，回拨核对。')
  await action(page, 'send').click()
  await expect(phone.getByText('139 0000 1234')).toBeVisible()
  await expect(page.getByText('已有新内容')).toBeVisible()
  await tab(page, 'timeline').click()
  await expect(page.getByText('更正：电话')).toBeVisible()
  // What was left open at the counter is written down when it is known, and the course keeps all of it.
  await tab(page, 'values').click()
  await page.locator('[data-left-open] summary').click()
  await action(page.locator('[data-open="immediate.note"]'), 'complete').click()
  const words = `回拨时客户说${'，车还停在站里'.repeat(12)}。`
  await field(page, 'correction.new').fill(words)
  await field(page, 'correction.reason').fill('登记时还不知道。')
  await action(page, 'send').click()
  await expect(page.locator('[data-value="immediate.note"]').getByText(words)).toBeVisible()
  await tab(page, 'timeline').click()
  await expect(page.getByText('补记：')).toBeVisible()
  await page.locator('.tl details summary').first().click()
  await picture(page, 'timeline')
  // The case is found by what is right now.
  await page.keyboard.press('Control+k')
  await field(page, 'find').fill('13900001234')
  await page.keyboard.press('Enter')
  await expect(page.locator(`[data-case="${number}"]`)).toBeVisible()
})

test('what closing lacks leads to its paper', async ({ signIn, picture }) => {
  const page = await signIn('zhaomin')
  let paper: { id: string; title: string; task: string | null } | undefined
  await page.route('**/call/case.get', async (r) => {
    const answer = await r.fetch()
    const view = await answer.json()
    const form = view.forms.at(-1)
    paper = form
    const filing = { ...view.actions[0], id: 'archive', effect: 'archive' }
    const missing = [
      { code: 'record_missing', title: `《${form.title}》尚未出具`, form: form.id, task: form.task },
    ]
    await r.fulfill({ response: answer, json: { ...view, actions: [...view.actions, filing], missing } })
  })
  await page.goto('/#/case/TS-2026-0005')
  await page.locator('[data-missing] [data-lacks]').click()
  const shown = () =>
    page.locator('select').evaluateAll((all) => all.map((s) => (s as HTMLSelectElement).value))
  await expect.poll(shown).toContain(`${paper?.id}@${paper?.task ?? ''}`)
  await picture(page, 'case-lacks')
})

test('what closing still lacks is said before it is tried', async ({ signIn, picture }) => {
  const page = await signIn('luoping')
  await page.goto('/#/case/TS-2026-0004')
  await action(page, 'reply_impossible').click()
  await expect(page.locator('[data-missing]'), 'not before the step that closes').toHaveCount(0)
  await field(page, 'reply.impossible').fill('地址和电话都不通')
  await action(page, 'send').click()
  await expect(page.locator('[data-form="reply_impossible"]')).toHaveCount(0)
  await expect(page.locator('[data-missing]').getByText('纠正措施尚未完成效果验证')).toBeVisible()
  await picture(page, 'closing-missing')
})
