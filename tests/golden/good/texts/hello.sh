echo hello ${parameters.who} $${HOME}
