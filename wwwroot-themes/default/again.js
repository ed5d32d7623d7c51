// Looks again after the seconds that the page says, at its own address or at another. Without scripts the browser does it
// by itself.
(function () {
  var self = document.currentScript || document.querySelector('script[data-again]');
  var said = self.getAttribute('data-again').split(';url=');
  setTimeout(function () {
    if (said.length > 1) location.replace(said[1]);
    else location.reload();
  }, said[0] * 1000);
})();
