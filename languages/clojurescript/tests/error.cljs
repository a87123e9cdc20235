(throw (js/Error. "on purpose"))
