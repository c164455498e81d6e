export { makePractice as default } from './host'
