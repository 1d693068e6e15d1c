echo ${upper(parameters.licence)}
