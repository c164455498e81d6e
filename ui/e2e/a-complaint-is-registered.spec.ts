import { action, choose, field, fillIn, screen, seek } from './support/hands'
import { expect, test } from './support/test'

test('a clerk registers, an incomplete entry is refused and keeps what was typed', async ({
  signIn,
  picture,
}) => {
  const page = await signIn('zhaomin')
  await picture(page, 'desk')
  await page.keyboard.press('F2')
  await expect(screen(page, 'register')).toBeVisible()
  await choose(page, 'channel', 'phone')
  await choose(page, 'complaint.source', 'customer')
  await field(page, 'complainant.name').fill('陈晓峰')
  await field(page, 'complainant.phone').fill('139 0000 4321')
  await choose(page, 'complaint.nature', 'service')
  await field(page, 'complaint.description').fill('窗口人员态度生硬，没有解释收费项目。')
  await action(page, 'register-and-print').click()
  // What lacks stands at its field, and once beside the button.
  await expect(page.locator('p[role="alert"]')).toHaveText(/还没有填写：.*要求/)
  await expect(page.locator('[data-wrong="complaint.demand"]')).toBeVisible()
  await expect(field(page, 'complainant.name'), 'nothing typed is lost').toHaveValue('陈晓峰')
  await choose(page, 'complaint.demand', 'apologise')
  await choose(page, 'complaint.about_us', 'yes')
  await choose(page, 'immediate.measures', 'none')
  await expect(page.getByText('草稿已保存')).toBeVisible()
  await picture(page, 'register')
  await page.keyboard.press('Control+Enter')
  await expect(screen(page, 'case')).toBeVisible()
  await expect(page.locator('[data-document$="-HZ-01"]')).toBeVisible()
  await expect(field(page, 'case.status')).toContainText('受理')
  await picture(page, 'case-new')
})

test('an unknown inspector needs a reason and a second person', async ({ signIn }) => {
  const page = await signIn('zhaomin')
  await page.goto('/#/register')
  await choose(page, 'channel', 'phone')
  await choose(page, 'complaint.source', 'customer')
  await choose(page, 'complaint.nature', 'test_result')
  await seek(page, 'report.operator', '不详')
  const beside = page.locator('.stack', { has: field(page, 'report.operator') })
  await field(beside, 'unknown.reason').fill('报告未写检验员')
  await seek(beside, 'unknown.confirmed_by', '何静')
  await expect(field(beside, 'unknown.reason')).toHaveValue('报告未写检验员')
})

test('an unusual date is asked about, kept when gone back to, and taken when it is meant', async ({
  signIn,
  picture,
}) => {
  const page = await signIn('zhaomin')
  await page.keyboard.press('F2')
  await fillIn(page, {
    channel: 'phone',
    nature: 'test_result',
    name: '秦川',
    words: '旧报告的数据要核对。',
    demand: 'explain',
  })
  await field(page, 'report.number').fill('JC-2016-0031')
  await field(page, 'report.sample').fill('制动液')
  await field(page, 'report.date').fill('2062-03-01')
  const copies = field(page, 'report.copies')
  await action(copies, 'add-row').click()
  await copies.locator('select').first().selectOption('paper')
  await field(copies, 'holder').fill('秦川')
  for (const staff of ['report.operator', 'report.reviewer', 'report.signatory']) {
    await seek(page, staff, '何静')
  }
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('p[role="alert"]'), 'a past fact is not in the future').toContainText(
    '“报告日期”不能晚于今天',
  )
  await field(page, 'report.date').fill('2016-03-01')
  await page.keyboard.press('Control+Enter')
  const asks = page.locator('[data-asks]')
  await expect(asks.getByText(/报告日期/)).toBeVisible()
  await picture(page, 'asks')
  await action(page, 'asks-back').click()
  await expect(asks).toHaveCount(0)
  await expect(field(page, 'report.date'), 'what was typed stays').toHaveValue('2016-03-01')
  await page.keyboard.press('Control+Enter')
  await action(page, 'asks-meant').click()
  await expect(screen(page, 'case')).toBeVisible()
})

test.describe('at a factory', () => {
  test.use({ office: 'story factory', at: '2026-12-28T09:00:00+08:00' })

  test('a measure is typed key by key, its unit before or after it', async ({ signIn }) => {
    const page = await signIn('gc_wenli')
    await page.keyboard.press('F2')
    const inputs = field(page, 'product.quantity').locator('input')
    const [value, unit] = [inputs.nth(0), inputs.nth(1)]
    await unit.pressSequentially('kg')
    await value.pressSequentially('4.25')
    await expect(value).toHaveValue('4.25')
    await expect(unit).toHaveValue('kg')
    for (let left = 4; left > 0; left -= 1) await value.press('Backspace')
    await expect(value).toHaveValue('')
    await expect(unit).toHaveValue('kg')
    const looked = page.waitForRequest(
      (r) =>
        r.url().endsWith('/case.preview_clocks') &&
        r.postDataJSON().values['product.quantity']?.value === '0.50',
    )
    await value.pressSequentially('0.50')
    const { values } = (await looked).postDataJSON()
    expect(values['product.quantity'], 'as exact as it was typed').toEqual({ value: '0.50', unit: 'kg' })
  })
})
