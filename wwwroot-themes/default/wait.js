// Asks for the purchase's stage every second and loads the page again when it has changed. Without this the page
// refreshes by itself every few seconds. Written for old phones.
(function () {
  var self = document.currentScript || document.querySelector('script[data-poll]');
  var timer;
  function ask() {
    clearTimeout(timer);
    var request = new XMLHttpRequest();
    request.open('GET', self.getAttribute('data-poll'));
    request.onload = function () {
      if (request.status === 200 && request.responseText !== self.getAttribute('data-stage')) location.reload();
      else timer = setTimeout(ask, 1000);
    };
    request.onerror = function () { timer = setTimeout(ask, 1000); };
    request.send();
  }
  // Back from the PIN prompt: look at once.
  document.addEventListener('visibilitychange', function () { if (!document.hidden) ask(); });
  timer = setTimeout(ask, 1000);
})();
