import { Ajv2020, type SchemaObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isJsonObject } from '../endpoint/defaults/body.js';
import { defaultSeams } from '../endpoint/defaults.js';
import type { Call } from '../endpoint/seams.js';
import type { Members } from './model.js';
import { invalidModel, refusalFor } from './replies.js';

const text = { type: 'string', minLength: 1 };
const optionalText = { type: ['string', 'null'] };
const flag = { type: 'boolean' };
const days = { type: 'integer', minimum: 1 };

const user: SchemaObject = {
  type: 'object',
  required: ['@odata.type', 'id'],
  properties: {
    '@odata.type': { enum: ['#microsoft.graph.singleUser', 'microsoft.graph.singleUser'] },
    id: text,
    isBackup: flag,
  },
};
const users = { type: 'array', items: user };
const someUsers = { ...users, minItems: 1 };

const approvalStage: SchemaObject = {
  type: 'object',
  required: ['approvalStageTimeOutInDays', 'isEscalationEnabled', 'primaryApprovers'],
  properties: {
    approvalStageTimeOutInDays: days,
    isApproverJustificationRequired: flag,
    isEscalationEnabled: flag,
    primaryApprovers: someUsers,
    escalationApprovers: users,
  },
  if: { type: 'object', properties: { isEscalationEnabled: { const: true } } },
  then: {
    type: 'object',
    required: ['escalationTimeInMinutes', 'escalationApprovers'],
    // Other approvers are asked after a day at the earliest, and only where there are four to decide in.
    properties: {
      escalationTimeInMinutes: { type: 'integer', minimum: 1440 },
      approvalStageTimeOutInDays: { type: 'integer', minimum: 4 },
      escalationApprovers: someUsers,
    },
  },
};

const approvalSettings: SchemaObject = {
  type: 'object',
  required: ['isApprovalRequired', 'approvalMode', 'approvalStages'],
  properties: {
    isApprovalRequired: flag,
    isApprovalRequiredForExtension: flag,
    isRequestorJustificationRequired: flag,
    approvalMode: { enum: ['NoApproval', 'SingleStage'] },
    approvalStages: { type: 'array', items: approvalStage },
  },
  if: { type: 'object', properties: { isApprovalRequired: { const: true } } },
  then: {
    type: 'object',
    properties: {
      approvalMode: { const: 'SingleStage' },
      approvalStages: { type: 'array', minItems: 1, maxItems: 1 },
    },
  },
  else: {
    type: 'object',
    properties: { approvalMode: { const: 'NoApproval' }, approvalStages: { type: 'array', maxItems: 0 } },
  },
};

/** What the tenant takes for a body of each call. Members that it does not know are left alone. */
const schemas = {
  catalog: {
    type: 'object',
    required: ['displayName'],
    properties: { displayName: text, description: optionalText, isExternallyVisible: flag },
  },
  package: {
    type: 'object',
    required: ['catalogId', 'displayName'],
    properties: { catalogId: text, displayName: text, description: optionalText, isHidden: flag },
  },
  policy: {
    type: 'object',
    required: ['accessPackageId', 'displayName', 'requestorSettings', 'requestApprovalSettings'],
    properties: {
      accessPackageId: text,
      displayName: text,
      description: optionalText,
      requestorSettings: {
        type: 'object',
        required: ['scopeType', 'acceptRequests', 'allowedRequestors'],
        properties: {
          scopeType: { enum: ['NoSubjects', 'SpecificDirectorySubjects', 'AllExistingDirectorySubjects'] },
          acceptRequests: flag,
          allowedRequestors: users,
        },
        if: { type: 'object', properties: { scopeType: { const: 'SpecificDirectorySubjects' } } },
        then: { type: 'object', properties: { allowedRequestors: someUsers } },
      },
      requestApprovalSettings: approvalSettings,
      accessPackageNotificationSettings: {
        type: ['object', 'null'],
        properties: { isAssignmentNotificationDisabled: flag },
      },
    },
  },
  request: {
    type: 'object',
    required: ['requestType'],
    properties: {
      requestType: text,
      accessPackageAssignment: { type: 'object' },
      assignment: { type: 'object' },
      justification: optionalText,
      parameters: { type: ['object', 'null'], properties: { bypassApproval: { type: ['boolean', 'null'] } } },
      schedule: {
        type: ['object', 'null'],
        properties: { startDateTime: { type: ['string', 'null'], format: 'date-time' } },
      },
    },
    anyOf: [{ required: ['accessPackageAssignment'] }, { required: ['assignment'] }],
  },
  addition: {
    type: 'object',
    required: ['accessPackageId'],
    properties: { targetId: text, assignmentPolicyId: text, accessPackageId: text },
  },
  removal: { type: 'object', required: ['id'], properties: { id: text } },
  review: {
    type: 'object',
    required: ['reviewResult'],
    properties: { reviewResult: { enum: ['Approve', 'Deny'] }, justification: optionalText },
  },
} as const satisfies Readonly<Record<string, SchemaObject>>;

type BodyName = keyof typeof schemas;

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true });
formats.default(ajv);
const compiled = new Map<BodyName, ValidateFunction>();

function validatorOf(name: BodyName): ValidateFunction {
  const validate = compiled.get(name) ?? ajv.compile(schemas[name]);
  compiled.set(name, validate);
  return validate;
}

/**
 * The members of a value that is to be of a form.
 * @throws RefusedCall 400 InvalidModel that says what is wrong first
 */
export function checkedMembers(value: unknown, name: BodyName): Members {
  const validate = validatorOf(name);
  if (validate(value)) return value as Members;
  const problem = validate.errors?.find(({ keyword }) => keyword !== 'if');
  throw invalidModel(`The ${name} is not valid: ${problem?.instancePath ?? ''} ${problem?.message ?? ''}.`);
}

/**
 * The body of a call.
 * @throws RefusedCall 400 unless it is a JSON object
 */
export async function bodyOf(call: Call): Promise<Members> {
  const bytes = await defaultSeams.readBody(call);
  if (typeof bytes === 'string') throw refusalFor(bytes, call);
  if (!defaultSeams.acceptsMediaType(call.headers['content-type'])) throw refusalFor('unsupportedMediaType', call);
  const value = parsed(bytes.toString('utf8'));
  if (!isJsonObject(value)) throw invalidModel('The body is not a JSON object.');
  return value;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw invalidModel('The body is not well-formed JSON.');
  }
}
