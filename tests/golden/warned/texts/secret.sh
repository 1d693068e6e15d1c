setup --token ${secrets.token} $${HOME}
