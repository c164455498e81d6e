// Several PCs on one office host over TLS: what others do appears, what is typed stays, and a host that is killed loses
// nothing that it acknowledged.
import { action, choose, field, fillIn, PASSWORD, screen, tab } from './support/hands'
import { expect, test } from './support/test'

test.use({ door: 'serve' })

test('several PCs work together, and a host that is killed loses nothing', async ({
  host,
  signIn,
  picture,
}) => {
  const [clerk, manager] = [await signIn('zhaomin'), await signIn('luoping')]

  // What one registers appears on the other's list by itself, and not under the pointer.
  await manager.goto('/#/cases')
  await manager.locator('[data-case="TS-2026-0001"]').hover()
  await clerk.keyboard.press('F2')
  await fillIn(clerk, {
    channel: 'phone',
    name: '陈晓峰',
    words: '窗口人员态度生硬，没有解释收费项目。',
    demand: 'apologise',
  })
  const paper = clerk.waitForEvent('popup')
  await clerk.keyboard.press('Control+Enter')
  await paper
  await expect(screen(clerk, 'case')).toBeVisible()
  const number = await field(clerk, 'case.number').innerText()
  await expect(action(manager, 'news')).toBeVisible()
  expect(await manager.locator(`[data-case="${number}"]`).count()).toBe(0)
  await picture(manager, 'together-held')
  await manager.mouse.move(0, 0)
  await expect(manager.locator(`[data-case="${number}"]`)).toBeVisible()

  // Who looks and who types is said.
  await manager.goto(`/#/case/${number}`)
  await expect(manager.locator('[data-present]').getByText('赵敏正在看')).toBeVisible()
  await expect(clerk.locator('[data-present]').getByText('罗平正在看')).toBeVisible()
  await action(clerk, 'send_to_qm').click()
  await expect(manager.locator('[data-present]').getByText('赵敏正在填写')).toBeVisible()
  await choose(clerk, 'pretreatment.opinion', 'accept')
  await field(clerk, 'pretreatment.department').fill('办公室')
  await field(clerk, 'signature.password').fill(PASSWORD)

  // What another does meanwhile is shown beside what is being typed, and looked at before it is sent.
  const second = await signIn('zhaomin')
  await second.goto(`/#/case/${number}`)
  await tab(second, 'values').click()
  await action(second.locator('[data-value="complainant.name"]'), 'correct').click()
  await field(second, 'correction.new').fill('陈小峰')
  await field(second, 'correction.reason').fill('身份证核对。')
  await action(second, 'send').click()
  await expect(clerk.locator('[data-news]').getByText('更正：抱怨人')).toBeVisible()
  await picture(clerk, 'together-news')
  await expect(field(clerk, 'pretreatment.department'), 'what was typed stays').toHaveValue('办公室')
  await action(clerk, 'send').click()
  await expect(clerk.getByRole('alert').getByText('刚才有人改动了这个案件')).toBeVisible()
  await action(clerk, 'seen').click()
  await expect(clerk.getByText('草稿已保存')).toBeVisible()

  // The host is killed: reading goes on, and what is sent waits.
  await host.kill()
  await expect(clerk.locator('[data-away]')).toBeVisible()
  await expect(manager.locator('[data-away]')).toBeVisible()
  await expect(manager.getByText('陈小峰').first()).toBeVisible()
  await field(clerk, 'pretreatment.department').fill('办公室（窗口组）')
  // A password is never kept: it is given for each time that something is sent.
  await field(clerk, 'signature.password').fill(PASSWORD)
  await action(clerk, 'send').click()
  await expect(clerk.locator('[data-away]').getByText('自动核对')).toBeVisible()
  await picture(clerk, 'together-away')

  // It comes back: who was signed in says the password again, and what waited is done once.
  await host.again()
  await field(clerk, 'lock.secret').fill(PASSWORD)
  await picture(clerk, 'together-lock')
  await action(clerk, 'unlock').click()
  await expect(clerk.getByText('现在：质量负责人审查')).toBeVisible()
  await expect(clerk.locator('[data-away]')).toHaveCount(0)
  await tab(clerk, 'timeline').click()
  await expect(clerk.locator('.tl').getByText('提交预处理')).toHaveCount(0)
  await tab(clerk, 'values').click()
  await expect(clerk.locator('[data-value="pretreatment.department"]')).toContainText('办公室（窗口组）')
  await field(manager, 'lock.secret').fill(PASSWORD)
  await action(manager, 'unlock').click()
  await expect(action(manager, 'accept_case')).toBeVisible()

  // Whatever was begun and not sent is found again by who comes back to it.
  await manager.goto(`/#/case/${number}`)
  await expect(clerk.locator('[data-present]').getByText('罗平正在看')).toBeVisible()
  await host.stop()
})
