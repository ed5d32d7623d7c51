// Sends the login form; without this its button does.
document.querySelector('form[data-go]').submit();
