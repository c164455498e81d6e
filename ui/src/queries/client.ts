import { QueryClient } from '@tanstack/vue-query'

// A refusal is an answer: asking again would only say it later. A folder of one's own, or a host in the house, is
// there without any network that the browser knows of; `call` waits where it is not.
export const queryClient = new QueryClient({
  defaultOptions: { queries: { retry: false, networkMode: 'always' }, mutations: { networkMode: 'always' } },
})
