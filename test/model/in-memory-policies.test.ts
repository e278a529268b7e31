import { policiesContract } from '../contracts/policies.contract.js';
import { InMemoryPolicies } from '../fakes/in-memory-policies.js';

policiesContract('memory', async () => await Promise.resolve(new InMemoryPolicies()));
