import { setupServer } from "msw/node";

/** The network of component tests: whatever a test does not answer is an error. */
export const server = setupServer();
