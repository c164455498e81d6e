// ui/vite.config.ts, with what the page asks handed on to the host that `cargo xtask dev` started.
import page from '../../ui/vite.config.ts'

const ways = ['/call', '/file', '/told', '/health']
const proxy = Object.fromEntries(ways.map((way) => [way, { target: process.env.REDRESS_HOST }]))
export default { ...page, server: { ...page.server, proxy } }
