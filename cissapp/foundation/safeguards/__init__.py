"""Guards against children's data being entered: signs in texts and pictures, and a plain warning."""
