// Several PCs on one office host over TLS: what others do appears, what is typed stays, and a host that is
// killed loses nothing that it acknowledged.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const AT = '2026-11-16T09:40:00+08:00'

async function serve(ctl, data, listen) {
  const child = spawn(ctl, ['serve', data, '--ui', resolve('dist'), '--listen', listen, '--at', AT], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = new Promise((done) => child.once('exit', done))
  const at = await new Promise((done, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line).listening))
    child.once('exit', () => fail(new Error('the host ended')))
  })
  return { at, kill: () => child.kill('SIGKILL') && ended, stop: () => child.kill('SIGTERM') && ended }
}

export const together = ({ ctl, folder, signIn, field, choose, picture }) => ({
  async 'several PCs work together, and a host that is killed loses nothing'() {
    const data = join(folder, 'shared')
    execFileSync(ctl, ['demo', data], { stdio: ['ignore', 'ignore', 'inherit'] })
    let host = await serve(ctl, data, '127.0.0.1:0')
    const { at } = host
    const listen = at.replace('https://', '')
    try {
      const [clerk, manager] = [await signIn('zhaomin', at), await signIn('luoping', at)]

      // What one registers appears on the other's list by itself, and not under the pointer.
      await manager.goto(`${at}/#/cases`)
      await manager.locator('[data-case="TS-2026-0001"]').hover()
      await clerk.keyboard.press('F2')
      await choose(clerk, 'channel', 'phone')
      await choose(clerk, 'complaint.source', 'customer')
      await field(clerk, 'complainant.name').fill('陈晓峰')
      await choose(clerk, 'complaint.nature', 'service')
      await field(clerk, 'complaint.description').fill('窗口人员态度生硬，没有解释收费项目。')
      await choose(clerk, 'complaint.demand', 'apologise')
      await choose(clerk, 'complaint.about_us', 'yes')
      await choose(clerk, 'immediate.measures', 'none')
      const paper = clerk.waitForEvent('popup')
      await clerk.keyboard.press('Control+Enter')
      await paper
      await clerk.locator('[data-screen="case"]').waitFor()
      const number = await field(clerk, 'case.number').innerText()
      await manager.locator('[data-action="news"]').waitFor()
      assert.equal(await manager.locator(`[data-case="${number}"]`).count(), 0)
      await picture(manager, 'together-held')
      await manager.mouse.move(0, 0)
      await manager.locator(`[data-case="${number}"]`).waitFor()

      // Who looks and who types is said.
      await manager.goto(`${at}/#/case/${number}`)
      await manager.locator('[data-present]').getByText('赵敏正在看').waitFor()
      await clerk.locator('[data-present]').getByText('罗平正在看').waitFor()
      await clerk.locator('[data-action="send_to_qm"]').click()
      await manager.locator('[data-present]').getByText('赵敏正在填写').waitFor()
      await choose(clerk, 'pretreatment.opinion', 'accept')
      await field(clerk, 'pretreatment.department').fill('办公室')
      await field(clerk, 'signature.password').fill('Redress-2026')

      // What another does meanwhile is shown beside what is being typed, and looked at before it is sent.
      const second = await signIn('zhaomin', at)
      await second.goto(`${at}/#/case/${number}`)
      await second.locator('[data-tab="values"]').click()
      await second.locator('[data-value="complainant.name"] [data-action="correct"]').click()
      await field(second, 'correction.new').fill('陈小峰')
      await field(second, 'correction.reason').fill('身份证核对。')
      await second.locator('[data-action="send"]').click()
      await clerk.locator('[data-news]').getByText('更正：抱怨人').waitFor()
      await picture(clerk, 'together-news')
      assert.equal(
        await field(clerk, 'pretreatment.department').inputValue(),
        '办公室',
        'what was typed stays',
      )
      await clerk.locator('[data-action="send"]').click()
      await clerk.getByRole('alert').getByText('刚才有人改动了这个案件').waitFor()
      await clerk.locator('[data-action="seen"]').click()
      await clerk.getByText('草稿已保存').waitFor()

      // The host is killed: reading goes on, and what is sent waits.
      await host.kill()
      await clerk.locator('[data-away]').waitFor()
      await manager.locator('[data-away]').waitFor()
      await manager.getByText('陈小峰').first().waitFor()
      await field(clerk, 'pretreatment.department').fill('办公室（窗口组）')
      // A password is never kept: it is given for each time that something is sent.
      await field(clerk, 'signature.password').fill('Redress-2026')
      await clerk.locator('[data-action="send"]').click()
      await clerk.locator('[data-away]').getByText('自动核对').waitFor()
      await picture(clerk, 'together-away')

      // It comes back: who was signed in says the password again, and what waited is done once.
      host = await serve(ctl, data, listen)
      await field(clerk, 'lock.secret').fill('Redress-2026')
      await picture(clerk, 'together-lock')
      await clerk.locator('[data-action="unlock"]').click()
      await clerk.getByText('现在：质量负责人审查').waitFor()
      await clerk.locator('[data-away]').waitFor({ state: 'detached' })
      await clerk.locator('[data-tab="timeline"]').click()
      assert.equal(await clerk.locator('.tl').getByText('提交预处理').count(), 0)
      await clerk.locator('[data-tab="values"]').click()
      assert.match(
        await clerk.locator('[data-value="pretreatment.department"]').innerText(),
        /办公室（窗口组）/,
      )
      await field(manager, 'lock.secret').fill('Redress-2026')
      await manager.locator('[data-action="unlock"]').click()
      await manager.locator('[data-action="accept_case"]').waitFor()

      // Whatever was begun and not sent is found again by who comes back to it.
      await manager.goto(`${at}/#/case/${number}`)
      await clerk.locator('[data-present]').getByText('罗平正在看').waitFor()
      for (const page of [clerk, manager, second]) assert.deepEqual(page.errors, [])
      await host.stop()
    } finally {
      await host.kill()
    }
  },
})
