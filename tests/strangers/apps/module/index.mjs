import { setTimeout as sleep } from 'node:timers/promises';

const say = (Text) => ({ Type: 'Speak', Parameters: { Text, Engine: 'neural', VoiceId: 'Joanna' } });

export const handler = async (event) => {
  const { InvocationEventType: type, ActionData: data } = event;
  await sleep(1);
  if (type === 'NEW_INBOUND_CALL') {
    return reply([
      say('Please type your number, and the hash key.'),
      { Type: 'ReceiveDigits',
        Parameters: {
          InputDigitsRegex: '^\\d+#$',
          InBetweenDigitsDurationInMilliseconds: 1000,
          FlushDigitsDurationInMilliseconds: 10000,
        } },
    ]);
  }
  if (type === 'DIGITS_RECEIVED') {
    return reply([say(`You typed ${data.ReceivedDigits.slice(0, -1)}.`), { Type: 'Hangup' }]);
  }
  return reply(type === 'ACTION_FAILED' ? [{ Type: 'Hangup' }] : []);
};

const reply = (Actions) => ({ SchemaVersion: '1.0', Actions });
