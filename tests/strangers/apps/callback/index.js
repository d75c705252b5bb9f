'use strict';

const { hangup, speak } = require('./actions');

exports.handler = (event, context, callback) => {
  console.log('Lambda is invoked with call details: ' + JSON.stringify(event));
  let actions;
  switch (event.InvocationEventType) {
    case 'NEW_INBOUND_CALL':
      actions = [
        speak(event, 'Please leave a message after the tone.'),
        { Type: 'RecordAudio',
          Parameters: {
            DurationInSeconds: '10',
            RecordingTerminators: ['#'],
            RecordingDestination: { Type: 'S3', BucketName: process.env.RECORDINGS || 'recordings' },
          } },
      ];
      break;
    case 'ACTION_SUCCESSFUL':
      actions = event.ActionData.Type === 'RecordAudio'
        ? [speak(event, 'Thank you.'), hangup()] : [];
      break;
    case 'ACTION_FAILED':
      actions = [speak(event, 'That did not work.'), hangup()];
      break;
    default:
      actions = [];
  }
  setTimeout(() => callback(null, { SchemaVersion: '1.0', Actions: actions }), 1);
};
