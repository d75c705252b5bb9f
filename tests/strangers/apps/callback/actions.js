exports.speak = (event, text) => ({
  Type: 'Speak',
  Parameters: { Text: text, CallId: event.CallDetails.Participants[0].CallId },
});

exports.hangup = () => ({ Type: 'Hangup', Parameters: { SipResponseCode: '0' } });
